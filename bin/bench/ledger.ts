// Interactive journals, through a service and within transactions of their own, over many wallets, ten and one, each stretch beside TPC-B transactions on the same server; and the
// ledger's part of an hour's run over a pool.
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import type { Id } from '#lib/core/id.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { fen, units } from '#lib/core/money.ts';
import { post } from '#lib/ledger/posting.ts';
import { LEDGER_PROOFS } from '#lib/ledger/proofs.ts';
import { charged, placed, type ReservationRef } from '#lib/ledger/templates.ts';
import { reservationOf, seedWallet } from '#lib/ledger/testing.ts';
import { topUpInSandbox } from '#lib/payments/top-ups.ts';
import { withTx } from '#lib/platform/db.ts';
import { type BookingServer, openBookingServer } from './booking-server.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { median, percentile, rounded } from './figures.ts';
import { machine } from './measure.ts';
import { makeBranches, runTpcb } from './tpcb.ts';

const SEED = 7;
const WALLETS = [1_000, 10, 1] as const;
const YUAN_EACH = 50_000_000n;
const PRICE = units(1_00000000n);
const NOW = instant(Date.UTC(2026, 10, 1));
const CTX: Ctx = {
  actor: { kind: 'system', job: 'proving' },
  scope: { kind: 'system' },
  requestId: 'req_bench',
  now: NOW,
};

type Options = Record<'clients' | 'seconds' | 'repetitions' | 'cards', number>;

/** A top-up as the page's action makes it: payment, journal and audit record, through the service and for its own customer. */
async function topUp(organisationId: Id<'organisation'>): Promise<void> {
  const actor = { kind: 'customer', userId: 'usr_bench' as Id<'user'>, organisationId, role: 'owner' } as const;
  const scope = { kind: 'organisation', organisationId } as const;
  const result = await topUpInSandbox({ ...CTX, actor, scope }, fen(100n));
  if (!result.ok) throw new Error(result.refusal.code);
}

/** What one client does again and again: a service that goes with others of its moment, or a hold within a transaction of its own. */
const WAYS = {
  topUp,
  withRows: (wallet: Id<'organisation'>) =>
    withTx(CTX, (tx) => post(CTX, tx, [placed(reservationOf(wallet, NOW), NOW, 0, PRICE, 3_600n)])),
} as const;

/** Clients that move wallets drawn at random, one after the other; how long each call took. */
async function moveWallets(
  wallets: readonly Id<'organisation'>[],
  way: keyof typeof WAYS,
  { clients, seconds }: Options,
  next: () => number,
) {
  const latenciesMs: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const wallet = wallets[Math.floor(next() * wallets.length)] ?? wallets[0];
      if (!wallet) return;
      const startMs = performance.now();
      await WAYS[way](wallet);
      latenciesMs.push(performance.now() - startMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return latenciesMs;
}

type Stretch = { readonly perSecond: number; readonly databaseMsEach: number; readonly clientMsEach: number };

/** Measures a stretch of work that answers how much was done. */
async function stretch(server: BookingServer, work: () => Promise<number>): Promise<Stretch> {
  const [startMs, own, database] = [performance.now(), process.cpuUsage(), server.workedSeconds()];
  const count = await work();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const databaseSeconds = (server.workedSeconds() ?? Number.NaN) - (database ?? Number.NaN);
  return {
    perSecond: count / seconds,
    databaseMsEach: (databaseSeconds * 1_000) / count,
    clientMsEach: (user + system) / 1_000 / count,
  };
}

async function measureInteractive(server: BookingServer, url: string, options: Options, count: number) {
  const next = mulberry32(SEED);
  const wallets: Id<'organisation'>[] = [];
  while (wallets.length < count) wallets.push(await seedWallet(CTX, YUAN_EACH));
  const latenciesMs: number[] = [];
  const turns: { topUps: Stretch; withRows: Stretch; reference: Stretch }[] = [];
  const measured = (way: keyof typeof WAYS): Promise<Stretch> =>
    stretch(server, async () => {
      const found = await moveWallets(wallets, way, options, next);
      if (way === 'topUp') latenciesMs.push(...found);
      return found.length;
    });
  for (let n = 0; n < options.repetitions; n += 1) {
    const [topUps, withRows] = [await measured('topUp'), await measured('withRows')];
    const reference = await stretch(server, () => runTpcb(url, options.clients, options.seconds, next));
    turns.push({ topUps, withRows, reference });
  }
  const of = (figure: (turn: (typeof turns)[number]) => number): number => rounded(median(turns.map(figure)));
  return {
    wallets: count,
    topUpsPerSecond: of(({ topUps }) => topUps.perSecond),
    withRowsPerSecond: of(({ withRows }) => withRows.perSecond),
    tpcbPerSecond: of(({ reference }) => reference.perSecond),
    ratio: of(({ topUps, reference }) => topUps.perSecond / reference.perSecond),
    withRowsRatio: of(({ withRows, reference }) => withRows.perSecond / reference.perSecond),
    p50Ms: rounded(median(latenciesMs)),
    p99Ms: rounded(percentile(latenciesMs, 0.99)),
    databaseMsEach: of(({ topUps }) => topUps.databaseMsEach),
    withRowsDatabaseMsEach: of(({ withRows }) => withRows.databaseMsEach),
    tpcbDatabaseMsEach: of(({ reference }) => reference.databaseMsEach),
    clientMsEach: of(({ topUps }) => topUps.clientMsEach),
    withRowsClientMsEach: of(({ withRows }) => withRows.clientMsEach),
    tpcbClientMsEach: of(({ reference }) => reference.clientMsEach),
    databaseRatio: of(({ topUps, reference }) => reference.databaseMsEach / topUps.databaseMsEach),
  };
}

/** One journal a reservation of one card, all in one statement, as the hourly run posts them. */
async function measureHour({ cards, repetitions }: Options) {
  const org = await seedWallet(CTX, YUAN_EACH);
  const reservations: ReservationRef[] = Array.from({ length: cards }, () => reservationOf(org, NOW));
  await withTx(CTX, (tx) =>
    post(
      CTX,
      tx,
      reservations.map((r) => placed(r, NOW, 0, units(PRICE * 24n), 86_400n)),
    ),
  );
  const seconds: number[] = [];
  for (let n = 0; n < repetitions; n += 1) {
    const hour = { hourAt: instant(NOW + n * HOUR_MS), revision: 0, effectiveAt: NOW };
    const used = { used: 3_600n, unused: 0n, down: 0n };
    const startMs = performance.now();
    await withTx(CTX, (tx) =>
      post(
        CTX,
        tx,
        reservations.map((r) => charged(r, hour, PRICE, used)),
      ),
    );
    seconds.push((performance.now() - startMs) / 1_000);
  }
  const took = median(seconds);
  return {
    journals: cards,
    seconds: rounded(took),
    journalsPerSecond: rounded(cards / took),
    postingsPerSecond: rounded((cards * 4) / took),
  };
}

async function proveAll() {
  const startMs = performance.now();
  const wrongs: string[] = [];
  for (const { name, run } of LEDGER_PROOFS) {
    const { violations } = await withTx(CTX, run, { timeoutMs: 600_000 });
    if (violations > 0) wrongs.push(name);
  }
  return { seconds: rounded((performance.now() - startMs) / 1_000), wrongs };
}

function readOptions(args: readonly string[]): { options: Options; isJson: boolean } {
  const flags = readFlags(args, ['clients', 'seconds', 'repetitions', 'cards']);
  const read = (text: string | undefined, flag: string, usual: number, max: number): number =>
    text === undefined ? usual : readWhole(text, flag, { min: 1, max });
  const options = {
    clients: read(flags.clients, '--clients', 8, 60),
    seconds: read(flags.seconds, '--seconds', 5, 600),
    repetitions: read(flags.repetitions, '--repetitions', 3, 100),
    cards: read(flags.cards, '--cards', 10_000, 100_000),
  };
  return { options, isJson: flags.json };
}

export const ledgerBench: Bench = {
  name: 'ledger',
  usage: 'ledger [--clients N] [--seconds S] [--repetitions N] [--cards N] [--json]',
  run: async (args) => {
    const { options, isJson } = readOptions(args);
    process.env['KASHI_SANDBOX_PAYMENTS'] = '1';
    const before = machine();
    const server = await openBookingServer();
    try {
      const url = await server.enter('ledger');
      await makeBranches(url);
      const interactive: Awaited<ReturnType<typeof measureInteractive>>[] = [];
      for (const count of WALLETS) interactive.push(await measureInteractive(server, url, options, count));
      const hour = await measureHour(options);
      const report = {
        bench: 'ledger',
        options,
        interactive,
        hour,
        proofs: await proveAll(),
        before,
        after: machine(),
      };
      if (isJson) {
        console.log(JSON.stringify(report));
        return;
      }
      const [first] = interactive;
      const names = Object.keys(first ?? {}) as (keyof (typeof interactive)[number])[];
      console.log(
        `Top-ups through their service, and holds within transactions of their own, by ${options.clients} clients, every commit flushed, beside TPC-B; processor milliseconds each`,
      );
      printTable(names.map((name) => [`  ${name}`, ...interactive.map((found) => `${found[name]}`)]));
      console.log('The ledger’s part of an hour of a pool, in one statement');
      printTable(Object.entries(hour).map(([name, value]) => [`  ${name}`, `${value}`]));
      console.log(`All proofs: ${JSON.stringify(report.proofs)}`);
      console.log(
        `load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`,
      );
    } finally {
      await server.close();
    }
  },
};
