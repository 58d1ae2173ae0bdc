// Proves the database: `npm run verify [-- --database NAME] [--json]`. Exit code 0: everything holds.
import { parseArgs } from 'node:util';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterDatabase, listDatabases, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, database: { type: 'string' } } });
const server = await openCommandServer();
const databases = values.database === undefined ? await listDatabases(server) : [values.database];
const report: Record<string, { ok: boolean; seconds: number; proofs: unknown[] }> = {};
let isClean = databases.length > 0;
if (!isClean) console.error('There is no Kashi database yet: `npm start` makes one.');

for (const name of databases) {
  enterDatabase(server, name);
  const startedMs = performance.now();
  if (!values.json) console.log(`\n${name}`);
  const results = await verifyDatabase(await systemCtx('proving'), (result, ms) => {
    if (values.json) return;
    const mark = result.violations === 0 ? 'ok  ' : 'FAIL';
    console.log(
      `  ${mark} ${result.name.padEnd(24)} ${`${ms} ms`.padStart(9)}  ${result.claim}${result.example ? `  ← ${result.violations}: ${result.example}` : ''}`,
    );
  });
  const ok = results.every(({ violations }) => violations === 0);
  isClean &&= ok;
  report[name] = { ok, seconds: Math.round((performance.now() - startedMs) / 100) / 10, proofs: results };
  await closeDatabase();
}
if (values.json) console.log(JSON.stringify({ ok: isClean, databases: report }));
else console.log(isClean ? '\nEverything holds.' : '\nSomething does not hold.');
await server.close();
process.exit(isClean ? 0 : 1);
