// Feeds a job trace through the whole pipeline on the demo clock, against a database of its own.
// npm run replay -- <trace.csv> --price 12.5 [--site sg --cards 10000 --start 2026-11-01 --faults none|llama3 --continue] --json
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { idFrom } from '#lib/core/id.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { parsePrice } from '#lib/core/money.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { enterDatabase, makeDatabase, openCommandServer, REPLAY_DATABASE } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { startScript, stopChild } from '#lib/platform/process.ts';
import { feedJobs, type JobOutcome, readAnswered, runToClose } from '#lib/replay/feed.ts';
import { buildMarket, checkMarket, type ReplayTerms } from '#lib/replay/market.ts';
import { readTotals } from '#lib/replay/report.ts';
import { readTrace, submitAt } from '#lib/replay/trace.ts';

const USAGE =
  'npm run replay -- <trace.csv> --price 12.5 [--site sg|fs --cards N --start 2026-11-01 --faults none|llama3 --continue] [--json]';

function fail(sentence: string): never {
  console.error(`${sentence}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        price: { type: 'string' },
        site: { type: 'string', default: 'sg' },
        cards: { type: 'string' },
        start: { type: 'string', default: '2026-11-01' },
        faults: { type: 'string', default: 'none' },
        seed: { type: 'string', default: '7' },
        continue: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = readOptions();
const [file] = positionals;
if (file === undefined || positionals.length > 1) fail('Name one trace file.');
const price = parsePrice(values.price ?? '') ?? fail('--price is yuan per card-hour, for instance 12.5.');
const startAt: Instant = parseShanghaiDate(values.start) ?? fail('--start is a date, for instance 2026-11-01.');
const site =
  values.site === 'sg' || values.site === 'fs' ? values.site : fail('--site is sg (Shaoguan) or fs (Foshan).');
const cards = /^\d{1,6}$/.test(values.cards ?? (site === 'fs' ? '256' : '10000'))
  ? Number.parseInt(values.cards ?? (site === 'fs' ? '256' : '10000'), 10)
  : 0;
if (cards < 1 || cards > 100_000) fail('--cards is a whole number from 1 to 100000.');
const faults =
  values.faults === 'none' || values.faults === 'llama3' ? values.faults : fail('--faults is none or llama3.');
const text = await readFile(file, 'utf8').catch(() => fail(`${file} cannot be read.`));
const startedMs = performance.now();
const progress = (line: string): void =>
  console.error(`[${((performance.now() - startedMs) / 1_000).toFixed(1)} s] ${line}`);

const { jobs, badLines } = (() => {
  try {
    return readTrace(text);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
})();
const terms: ReplayTerms = {
  traceSha256: createHash('sha256').update(text).digest('hex'),
  price,
  site,
  cards,
  startAt,
  faults,
  seed: Number.parseInt(values.seed, 10),
};

const server = await openCommandServer();
if (!values.continue) await makeDatabase(server, REPLAY_DATABASE);
const databaseUrl = enterDatabase(server, REPLAY_DATABASE);
progress(`${jobs.length} jobs, ${badLines.length} bad lines, ${cards} cards, database ${REPLAY_DATABASE}`);
if (values.continue) await checkMarket(terms);
else await buildMarket(terms, jobs, progress);

// The engine runs as it does in production, in a process of its own; one that dies is started again.
let engine: ChildProcess | null = null;
let isOver = false;
const startEngine = (): void => {
  const variables = {
    DATABASE_URL: databaseUrl,
    KASHI_DEMO_CLOCK: '1',
    KASHI_FAULT_RATES: faults,
    KASHI_FLEET_SEED: values.seed,
    KASHI_LOG: 'error',
    KASHI_METRICS_PORT: process.env['KASHI_METRICS_PORT'] ?? '0',
  };
  engine = startScript('bin/engine.ts', variables, 'ignore');
  progress(`engine started (pid ${engine.pid})`);
  engine.once('exit', (code, signal) => {
    if (isOver) return;
    progress(`engine ended (${signal ?? code}); it is started again`);
    startEngine();
  });
};
startEngine();

const stop = async (code: number): Promise<never> => {
  isOver = true;
  if (engine) await stopChild(engine, 15);
  await closeNotifications();
  await closeDatabase();
  await server.close();
  process.exit(code);
};
process.once('SIGINT', () => void stop(130));
process.once('SIGTERM', () => void stop(143));

try {
  const refused: Record<string, number> = badLines.length > 0 ? { badLine: badLines.length } : {};
  let accepted = 0;
  let lastEndAt = startAt;
  let seen = 0;
  const onJob = (job: (typeof jobs)[number], outcome: JobOutcome): void => {
    seen += 1;
    if (outcome.ok) {
      accepted += 1;
      const endAt = plusSeconds(submitAt(job, startAt), job.durationSeconds);
      if (endAt > lastEndAt) lastEndAt = endAt;
    } else refused[outcome.reason] = (refused[outcome.reason] ?? 0) + 1;
    if (seen % 100 === 0)
      progress(`${seen} of ${jobs.length} jobs, day ${(job.submitSeconds / 86_400).toFixed(1)}, ${accepted} accepted`);
  };
  const sku = idFrom('sku', `sku_${site}-${site === 'fs' ? 'm890' : 'zw810e'}-hour`);
  await feedJobs(jobs, sku, startAt, values.continue ? await readAnswered() : new Map(), onJob);
  progress('all jobs are in; running to the end of the months');
  const months = await runToClose(startAt, lastEndAt);
  progress(`closed ${months.join(', ')}; proving`);
  const { violations, ...totals } = await readTotals();
  const wallSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const result = { jobs: jobs.length + badLines.length, accepted, refused, ...totals, wallSeconds };
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
  for (const [name, count] of Object.entries(violations)) progress(`PROOF FAILED: ${name}, ${count} violations`);
  await stop(
    Object.keys(violations).length + totals.overlaps + totals.unbalancedJournals + totals.unaccountedCardSeconds > 0
      ? 1
      : 0,
  );
} catch (error) {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await stop(1);
}
