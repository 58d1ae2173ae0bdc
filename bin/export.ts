// npm run export -- focus --version 1.4 --period 2026-11: writes a file of a month. Exit code 0: it is whole.
// npm run export -- explain --invoice inv_… --line 1: writes where an invoice line comes from. Exit code 0: it holds.
import { present } from '#lib/core/assert.ts';
import { exportFile } from '#lib/billing/exports.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterMarket, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { errorText } from '#lib/platform/log.ts';
import { UsageError } from './bench/command-line.ts';
import { exportExplanation } from './explain-export.ts';
import { readExplainFlags } from './explain-flags.ts';
import { type ExportFlags, readExportFlags, USAGE } from './export-flags.ts';
import { save } from './saving.ts';

async function run({ kind, period, org, out, database, json }: ExportFlags): Promise<number> {
  const server = await openCommandServer();
  try {
    await enterMarket(server, database);
    const startedMs = performance.now();
    const ctx = await systemCtx('exporting');
    const file = await exportFile(ctx, { kind, month: period, organisationId: org });
    if (file === null) {
      console.error(
        `There is no ${kind} of ${period} ${org === null ? 'for everybody' : `for ${org}`}: the month is YYYY-MM, invoices and statements are of one organisation (--org org_…), and an invoice is there once it is issued.`,
      );
      return 1;
    }
    const path = out ?? file.fileName;
    await save(file.parts, path);
    const { rows, bytes, sha256, totals } = present(file.seal(), 'a seal');
    const seconds = Math.round(performance.now() - startedMs) / 1_000;
    if (json)
      console.log(JSON.stringify({ kind, period, organisation: org, path, rows, bytes, sha256, totals, seconds }));
    else {
      console.log(`${path}\n  ${rows} rows, ${bytes} bytes, ${seconds} s\n  sha256 ${sha256}`);
      for (const [name, amount] of Object.entries(totals)) console.log(`  ${name} ${amount}`);
    }
    return 0;
  } finally {
    await closeDatabase();
    await server.close();
  }
}

try {
  const [first, ...words] = process.argv.slice(2);
  process.exitCode =
    first === 'explain'
      ? await exportExplanation(readExplainFlags(words))
      : await run(readExportFlags(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n${USAGE}` : errorText(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
process.exit();
