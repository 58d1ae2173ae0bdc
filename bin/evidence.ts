// npm run evidence -- --allocation alc_… --from 2026-11-02T03:10:00Z --to 2026-11-02T03:20:00Z --down --reason "kernel log of the
// server": takes evidence that came late and puts right what was charged without it. Exit code 0: it is taken.
import { parseArgs } from 'node:util';
import { refusalText } from '#components/form/refusal-text.ts';
import { recordLateEvidence } from '#lib/billing/late-evidence.ts';
import type { LateEvidence } from '#lib/billing/late-evidence-types.ts';
import { parseInstant, toIso } from '#lib/core/instant.ts';
import { toDecimal } from '#lib/core/money.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterDatabase, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { UsageError } from './bench/command-line.ts';

const USAGE =
  'npm run evidence -- --allocation alc_… --from INSTANT --to INSTANT (--proven | --down) --reason TEXT [--database NAME] [--json]';

function readLate(): { late: LateEvidence; database: string | undefined; json: boolean } {
  const { values } = parseArgs({
    options: {
      allocation: { type: 'string', default: '' },
      from: { type: 'string', default: '' },
      to: { type: 'string', default: '' },
      proven: { type: 'boolean', default: false },
      down: { type: 'boolean', default: false },
      reason: { type: 'string', default: '' },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [startAt, endAt] = [parseInstant(values.from), parseInstant(values.to)];
  if (startAt === null || endAt === null)
    throw new UsageError('--from and --to are instants, like 2026-11-02T03:10:00Z.');
  if (values.proven === values.down) throw new UsageError('Say one of --proven and --down.');
  const late = { allocationId: values.allocation, startAt, endAt, isProven: values.proven, reason: values.reason };
  return { late, database: values.database, json: values.json };
}

async function run(): Promise<number> {
  const { late, database, json } = readLate();
  const server = await openCommandServer();
  try {
    enterDatabase(server, database ?? server.mainDatabase);
    const result = await recordLateEvidence(await systemCtx('metering'), late);
    if (!result.ok) {
      const { what, safe, todo } = refusalText('en', result.refusal);
      console.error(`${what} ${safe} ${todo}`);
      return 1;
    }
    const { correction, reservationId, revisions } = result.value;
    if (json) console.log(JSON.stringify(result.value, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
    else {
      console.log(`Taken as ${correction}: ${revisions.length} charged hours of ${reservationId} are put right.`);
      for (const { hourAt, revision, countsAt, usedSeconds, amountUnits } of revisions)
        console.log(
          `  ${toIso(hourAt)}  revision ${revision}  ${usedSeconds} s  ${toDecimal(amountUnits, 8, 8)} yuan  counts ${toIso(countsAt)}`,
        );
    }
    return 0;
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
