/**
 * The id under which a reservation was asked for, by the name it was given, whether or not it was decided. Run with
 * `node --conditions=react-server e2e/support/read-asked.ts <name>` and DATABASE_URL; prints nothing where none was.
 */
import { systemCtx } from '#lib/identity/context.ts';
import { closeDatabase, withTx } from '#lib/platform/db.ts';

const [name = ''] = process.argv.slice(2);
const rows = await withTx(
  await systemCtx('seeding'),
  (tx) => tx.$queryRaw<{ id: string }[]>`
    SELECT payload->>'reservationId' AS id FROM command WHERE kind = 'reserve' AND payload->>'name' = ${name}`,
);
await closeDatabase();
process.stdout.write(rows[0]?.id ?? '');
