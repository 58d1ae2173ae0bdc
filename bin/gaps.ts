// npm run gaps -- --month 2026-11 [--charge] [--json]: the hours of a month that nobody charged, and with --charge charges
// them by their evidence. Exit code 0: none is left out (any more).
import { parseArgs } from 'node:util';
import { chargeGapHours, listGapHours } from '#lib/billing/gaps/service.ts';
import { toIso } from '#lib/core/instant.ts';
import { toDecimal } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterDatabase, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { UsageError } from './bench/command-line.ts';

const USAGE = 'npm run gaps -- --month YYYY-MM [--charge] [--database NAME] [--json]';
const SHOWN = 1_000;

/** Charges in stretches until a stretch charges nothing: what is left then cannot be paid, or waits for a waiver. */
async function chargeAll(month: string): Promise<number> {
  let charged = 0;
  for (let last = 1; last > 0; charged += last) {
    const result = await chargeGapHours(await systemCtx('metering'), month);
    last = result.ok ? result.value.charged : 0;
  }
  return charged;
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      month: { type: 'string', default: '' },
      charge: { type: 'boolean', default: false },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (parseMonth(values.month) === null) throw new UsageError('--month is a month, like 2026-11.');
  const server = await openCommandServer();
  try {
    enterDatabase(server, values.database ?? server.mainDatabase);
    const charged = values.charge ? await chargeAll(values.month) : 0;
    const { rows, total } = await listGapHours(await systemCtx('metering'), values.month, { skip: 0, take: SHOWN });
    const gaps = rows.map(({ allocationId, hourAt, usedSeconds, amountUnits }) => ({
      allocationId,
      hour: toIso(hourAt),
      usedSeconds,
      amountUnits: `${amountUnits}`,
    }));
    if (values.json) console.log(JSON.stringify({ charged, left: total, gaps }));
    else {
      if (values.charge) console.log(`${charged} hours were charged.`);
      console.log(`${total} hours of ${values.month} are left out.`);
      for (const { allocationId, hour, usedSeconds, amountUnits } of gaps)
        console.log(`  ${hour}  ${allocationId}  ${usedSeconds} s  ${toDecimal(BigInt(amountUnits), 8, 8)} yuan`);
    }
    return total === 0 ? 0 : 1;
  } finally {
    await closeDatabase();
    await server.close();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.message}\n  ${USAGE}`);
  process.exitCode = 2;
}
