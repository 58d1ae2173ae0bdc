// npm run prove -- --operations 1000000 --seed 1: the ledger against a model of a few lines, on a PostgreSQL of its own,
// after every step. A run that parts from the model is printed as a log that --replay plays again. Exit code 0: all held.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readLog, writeLog } from '#lib/ledger/prove/operation.ts';
import { proveBooks, replayLog } from '#lib/ledger/prove/testing-proving.ts';
import { closeDatabase, openDatabase } from '#lib/platform/db.ts';
import { ensureDatabase, openEmbeddedPostgres } from '#lib/platform/embedded-postgres.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import { readText, readWhole, roundedTo, UsageError } from './bench/command-line.ts';
import { machine } from './bench/measure.ts';

const USAGE = 'npm run prove -- [--operations 100000] [--seed N] [--replay FILE] [--json]';
/** As many operations in a statement and commands in a run as a shrunk log is still read by a person. */
const EXTENT = { together: 250, commands: 40 };
const PROOFS_PER_PROVING = 8;

type Flags = { operations: string; seed: string; replay?: string; json: boolean };

function readFlags(): Flags {
  const options = {
    operations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Does some work with a database of its own that is gone afterwards. */
async function withBooks<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-prove-'));
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory, isDisposable: true });
  try {
    await ensureDatabase(server.urlOf('postgres'), 'books');
    const url = server.urlOf('books');
    await applyMigrations(url);
    openDatabase(url);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    const done = await work(owner);
    await owner.end();
    await closeDatabase();
    return done;
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function replay(file: string): Promise<number> {
  const log = readLog(await readText(file));
  const reason = await withBooks((owner) => replayLog(owner, log));
  console.log(reason ?? `${log.length} moves, and everything held.`);
  return reason === null ? 0 : 1;
}

async function prove(flags: Flags): Promise<number> {
  const operations = readWhole(flags.operations, '--operations', { min: 1, max: 100_000_000 });
  const seed = readWhole(flags.seed, '--seed', { min: 0, max: 999_999_999 });
  const before = machine();
  const startedMs = performance.now();
  const secondsSoFar = (): number => roundedTo((performance.now() - startedMs) / 1_000, 1);
  const proveEvery = Math.ceil(operations / PROOFS_PER_PROVING);
  const onProgress = (done: number, runs: number): void => {
    if (!flags.json) console.log(`${done} operations in ${runs} runs, ${secondsSoFar()} s`);
  };
  const proven = await withBooks((owner) =>
    proveBooks(owner, { operations, seed, extent: EXTENT, proveEvery, isShrunk: true, onProgress }),
  );
  const { failure, outcomes, ...counts } = proven;
  const seconds = secondsSoFar();
  const report = {
    ...counts,
    seed,
    seconds,
    perSecond: Math.round(proven.operations / seconds),
    outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)),
    failure: failure && { reason: failure.reason, seed: failure.seed, log: writeLog(failure.log) },
    before,
    after: machine(),
  };
  if (flags.json) console.log(JSON.stringify(report));
  else {
    console.log(`${report.operations} operations in ${report.runs} runs, ${seconds} s, ${report.perSecond} a second`);
    console.log(JSON.stringify(report.outcomes));
    console.log(
      failure ? `${failure.reason}\n${writeLog(failure.log)}` : 'Every step was the model’s, and every proof held.',
    );
  }
  return failure ? 1 : 0;
}

try {
  const flags = readFlags();
  process.exit(flags.replay === undefined ? await prove(flags) : await replay(flags.replay));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n  ${USAGE}`);
  process.exit(2);
}
