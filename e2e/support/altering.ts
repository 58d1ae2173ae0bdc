import pg from 'pg';

/**
 * Alters one row past every trigger, as somebody could who owns the database, while `look` looks; then puts it back. The
 * market's proofs at the end see that it was put back.
 */
export async function whileAltered(
  { table, set, where }: { readonly table: string; readonly set: string; readonly where: string },
  look: () => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(`CREATE TEMP TABLE kept AS SELECT * FROM ${table} WHERE ${where}`);
    await client.query(`UPDATE ${table} SET ${set} WHERE ${where}`);
    try {
      await look();
    } finally {
      await client.query(`DELETE FROM ${table} WHERE ${where}`);
      // What the database makes itself is not put back by hand.
      const { rows } = await client.query<{ names: string }>(
        `SELECT string_agg(quote_ident(column_name), ', ') AS names FROM information_schema.columns
         WHERE table_name = $1 AND is_generated = 'NEVER'`,
        [table],
      );
      const names = rows[0]?.names ?? '';
      await client.query(`INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM kept`);
    }
  } finally {
    await client.end();
  }
}
