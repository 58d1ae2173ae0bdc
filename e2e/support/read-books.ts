/**
 * What an organisation has, as one line of JSON, so that a journey can tell whether anything was changed. Run with
 * `node --conditions=react-server e2e/support/read-books.ts <slug>` and DATABASE_URL.
 */
import { systemCtx } from '#lib/identity/context.ts';
import { closeDatabase, withTx } from '#lib/platform/db.ts';

const [slug = ''] = process.argv.slice(2);
const rows = await withTx(
  await systemCtx('seeding'),
  (tx) => tx.$queryRaw<{ books: unknown }[]>`
    SELECT json_build_object(
      'reservations', (SELECT json_agg(json_build_array(r.id, r.state, r.end_at) ORDER BY r.id) FROM reservation r
        WHERE r.organisation_id = o.id),
      'quotes', (SELECT count(*) FROM quote q WHERE q.organisation_id = o.id),
      'balances', (SELECT json_agg(json_build_array(b.path, b.units::text) ORDER BY b.path) FROM (
        SELECT a.path, sum(p.credit_units - p.debit_units) AS units
        FROM account a JOIN posting p ON p.account_id = a.id WHERE a.organisation_id = o.id GROUP BY a.path) b)) AS books
    FROM organisation o WHERE o.slug = ${slug}`,
);
await closeDatabase();
process.stdout.write(JSON.stringify(rows[0]?.books ?? null));
