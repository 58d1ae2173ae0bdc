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
      await client.query(`INSERT INTO ${table} SELECT * FROM kept`);
    }
  } finally {
    await client.end();
  }
}
