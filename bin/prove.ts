// npm run prove -- --operations 1000000 --seed 1: the ledger against a model of a few lines, on a PostgreSQL of its own,
// after every step. A run that parts from the model is printed as a log that --replay plays again. Exit code 0: all held.
import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { OracleReport } from '#lib/billing/testing-oracle.ts';
import { proveYear } from '#lib/billing/testing-year.ts';
import type { Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { type Kill, killOften } from '#lib/engine/kills/testing-killing.ts';
import { readLog, writeLog } from '#lib/ledger/prove/operation.ts';
import { spendTwice } from '#lib/ledger/prove/testing-double-spend.ts';
import { postTooLate } from '#lib/ledger/prove/testing-late.ts';
import { proveBooks, replayLog } from '#lib/ledger/prove/testing-proving.ts';
import { closeDatabase, databaseUrl, openDatabase } from '#lib/platform/db.ts';
import { ensureDatabase, openEmbeddedPostgres } from '#lib/platform/embedded-postgres.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import { readText, readWhole, roundedTo, UsageError } from './bench/command-line.ts';
import { machine } from './bench/measure.ts';

const USAGE = `npm run prove -- [--operations 100000] [--seed N] [--json]
  npm run prove -- --replay FILE
  npm run prove -- --attacks 100000 [--clients 64]
  npm run prove -- --late 1000
  npm run prove -- --kills 100 [--seed N]
  npm run prove -- --year [--cards 64] [--days 366] [--until DAY] [--directory DIR] [--seed N]: charges against an oracle;
    with a directory, a year that was interrupted goes on from where it stopped`;
/** As many operations in a statement and commands in a run as a shrunk log is still read by a person. */
const EXTENT = { together: 250, commands: 40 };
const PROOFS_PER_PROVING = 4;
/** So many clients really are on the server at once. */
const CONNECTIONS_MAX = 64;
const LATE_AT_ONCE = 16;
const CTX: Ctx = {
  actor: { kind: 'system', job: 'proving' },
  scope: { kind: 'system' },
  requestId: 'req_prove',
  now: instant(Date.UTC(2026, 10, 1)),
};

type Flags = {
  operations: string;
  seed: string;
  clients: string;
  replay?: string;
  attacks?: string;
  late?: string;
  kills?: string;
  year: boolean;
  cards: string;
  days: string;
  until?: string;
  directory?: string;
  json: boolean;
};

function readFlags(): Flags {
  const options = {
    operations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '64' },
    replay: { type: 'string' },
    attacks: { type: 'string' },
    late: { type: 'string' },
    kills: { type: 'string' },
    year: { type: 'boolean', default: false },
    cards: { type: 'string', default: '64' },
    days: { type: 'string', default: '366' },
    until: { type: 'string' },
    directory: { type: 'string' },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Does some work with a database of its own that is gone afterwards; in a directory that is named it stays, and is found again. */
async function withBooks<T>(work: (owner: pg.Client) => Promise<T>, kept?: string): Promise<T> {
  const directory = kept === undefined ? await mkdtemp(path.join(tmpdir(), 'kashi-prove-')) : path.resolve(kept);
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory, isDisposable: true });
  try {
    await ensureDatabase(server.urlOf('postgres'), 'books');
    const url = server.urlOf('books');
    await applyMigrations(url);
    openDatabase(url, CONNECTIONS_MAX);
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    const done = await work(owner);
    await owner.end();
    await closeDatabase();
    return done;
  } finally {
    await server.stop();
    if (kept === undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function replay(file: string): Promise<number> {
  const log = readLog(await readText(file));
  const reason = await withBooks((owner) => replayLog(owner, log));
  console.log(reason ?? `${log.length} moves, and everything held.`);
  return reason === null ? 0 : 1;
}

function told(startedMs: number, before: ReturnType<typeof machine>, found: object): void {
  const seconds = roundedTo((performance.now() - startedMs) / 1_000, 1);
  console.log(
    JSON.stringify({ ...found, seconds, before, after: machine() }, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    ),
  );
}

async function attack(attacks: number, clients: number): Promise<number> {
  const [startedMs, before] = [performance.now(), machine()];
  const found = await withBooks(() => spendTwice(CTX, { clients, attacks, yuan: 100n }));
  told(startedMs, before, { attacks, clients, ...found });
  return found.others.length + found.wrongs.length === 0 && found.lowestUnits >= 0n ? 0 : 1;
}

async function beLate(times: number): Promise<number> {
  const [startedMs, before] = [performance.now(), machine()];
  const found = await withBooks(() => postTooLate(CTX, times, LATE_AT_ONCE));
  told(startedMs, before, { ...found, endedBy: [...found.endedBy] });
  return found.refused === times && found.strayRows === 0 && found.missingUnits === 0n ? 0 : 1;
}

async function beKilled(count: number, seed: number, isJson: boolean): Promise<number> {
  const [startedMs, before] = [performance.now(), machine()];
  const onKill = ({ work, killed, afterMs, wasDone, wrongs }: Kill): void => {
    const when = wasDone ? 'after it was done' : `after ${afterMs} ms`;
    if (!isJson) console.log(`${work}: the ${killed} ${when}: ${wrongs.length === 0 ? 'all well' : wrongs.join('; ')}`);
  };
  const kills = await killOften(count, seed, onKill);
  const wrongs = kills.flatMap((kill) => kill.wrongs);
  told(startedMs, before, {
    kills: kills.length,
    inside: kills.filter(({ wasDone }) => !wasDone).length,
    seed,
    wrongs,
  });
  return wrongs.length === 0 ? 0 : 1;
}

/** What a charge takes on the disk, with its indexes and its share of the journals. */
const BYTES_PER_CHARGE = 600;

/** Whether a year's charges find room where they will lie. */
async function demandRoom(directory: string, cards: number, days: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const [free, needed] = [bavail * bsize, cards * days * 24 * BYTES_PER_CHARGE].map((bytes) =>
    Math.ceil(bytes / 2 ** 30),
  );
  if (needed !== undefined && free !== undefined && needed > free)
    throw new UsageError(`${cards} cards and ${days} days need ${needed} GiB of disk; ${free} are free.`);
}

/** A fleet's charges over many days of faults and late evidence, against what an oracle makes of the evidence alone. */
async function proveDays(flags: Flags): Promise<number> {
  const cards = readWhole(flags.cards, '--cards', { min: 8, max: 10_000 });
  const days = readWhole(flags.days, '--days', { min: 1, max: 366 });
  const until = readWhole(flags.until ?? `${days}`, '--until', { min: 1, max: days });
  const seed = readWhole(flags.seed, '--seed', { min: 0, max: 999_999_999 });
  if (flags.directory === undefined) await demandRoom(tmpdir(), cards, until);
  const [startedMs, before] = [performance.now(), machine()];
  const say = (text: string): void => {
    if (!flags.json) console.log(`${roundedTo((performance.now() - startedMs) / 1_000, 1)} s: ${text}`);
  };
  const onDay = (day: number): void => say(`${day} days are charged`);
  const onConsulted = (day: number, { charges, allocations, differences }: OracleReport): void =>
    say(`${day} days, ${charges} charges of ${allocations} allocations: ${differences.length} differ from the oracle`);
  const plan = { cards, days, seed, until, onDay, onConsulted };
  const found = await withBooks(() => proveYear(databaseUrl(), plan), flags.directory);
  const { differences, ...sums } = found;
  told(startedMs, before, {
    cards,
    days,
    until,
    seed,
    ...sums,
    differences: differences.length,
    first: differences.slice(0, 5),
  });
  const isExact = sums.chargedUnits === sums.expectedUnits && sums.bookedUnits === sums.expectedUnits;
  return differences.length === 0 && isExact ? 0 : 1;
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
  const { failure, outcomes, pairs, ...counts } = proven;
  const seconds = secondsSoFar();
  const report = {
    ...counts,
    pairs: pairs.size,
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

async function main(flags: Flags): Promise<number> {
  const { replay: file, attacks, late, kills } = flags;
  const most = { min: 1, max: 10_000_000 };
  if (file !== undefined) return replay(file);
  if (flags.year) return proveDays(flags);
  if (attacks !== undefined)
    return attack(
      readWhole(attacks, '--attacks', most),
      readWhole(flags.clients, '--clients', { min: 1, max: CONNECTIONS_MAX }),
    );
  if (kills !== undefined)
    return beKilled(
      readWhole(kills, '--kills', { min: 1, max: 10_000 }),
      readWhole(flags.seed, '--seed', { min: 0, max: 999_999_999 }),
      flags.json,
    );
  return late === undefined ? prove(flags) : beLate(readWhole(late, '--late', most));
}

try {
  process.exit(await main(readFlags()));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n  ${USAGE}`);
  process.exit(2);
}
