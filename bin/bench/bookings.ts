// Books through PostgreSQL with every guarantee, beside a counter of hours with none; a leader's restart; contested cards.
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { decideOnce } from '#lib/engine/deciding-rounds.ts';
import { seedBookingMarket, seedQuotes, type BookingMarket } from '#lib/engine/testing-bookings.ts';
import { findWrongs, LEADER, openLeader, runContest, seedGangs } from '#lib/engine/testing-contest.ts';
import { workedMs } from '#lib/platform/clock.ts';
import { type BookingServer, type ClientProcess, openBookingServer, startClients } from './booking-server.ts';
import { drawBooking, drawFilling } from './booking-wishes.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { median, rounded } from './figures.ts';
import { machine } from './measure.ts';
import { makeSlots } from './slot-counter.ts';
import { measureStretch, type Stretch } from './written-bookings.ts';

const SEED = 7;
const ORGANISATIONS = 200;
const SLOT_HOURS = 90 * 24;
const SLOT_CLIENTS = 8;
/** A stretch ends early where a machine books more a second. */
const QUOTES_PER_SECOND = 4_000;
const RESTARTS = 3;

const NAMES = ['cards', 'clients', 'seconds', 'promises', 'repetitions', 'attempts', 'contestants'] as const;
type Options = Record<(typeof NAMES)[number], number>;

/** `clients` book as much as can be booked: their commands fill the rounds, one after the other. `contestants` want the same cards. */
const DEFAULTS: Options = {
  cards: 10_000,
  clients: 512,
  seconds: 3,
  promises: 500,
  repetitions: 2,
  attempts: 500,
  contestants: 64,
};

function readOptions(args: readonly string[]): { options: Options; isJson: boolean } {
  const flags = readFlags(args, NAMES);
  const read = (name: (typeof NAMES)[number], min: number, max: number): number =>
    flags[name] === undefined ? DEFAULTS[name] : readWhole(flags[name], `--${name}`, { min, max });
  const options = {
    cards: read('cards', 1_024, 100_000),
    clients: read('clients', 1, 1_000),
    seconds: read('seconds', 1, 600),
    promises: read('promises', 0, 100_000),
    repetitions: read('repetitions', 1, 100),
    attempts: read('attempts', 0, 1_000_000),
    contestants: read('contestants', 1, 1_000),
  };
  return { options, isJson: flags.json };
}

type Bed = {
  readonly server: BookingServer;
  readonly url: string;
  readonly clients: ClientProcess;
  readonly market: BookingMarket;
};

/** Fills the pool, then books and counts by turns: each pair of stretches has seen the same machine. */
async function measureBookings({ server, url, clients, market }: Bed, options: Options) {
  const next = mulberry32(SEED);
  const pool = await openLeader(market, 'bench');
  const book = async (wishes: typeof drawBooking, count: number, seconds: number): Promise<Stretch> => {
    const quotes = await seedQuotes(
      market,
      Array.from({ length: count }, () => wishes(market, next)),
    );
    const work = { kind: 'book', url, clients: options.clients, seconds, quotes } as const;
    return measureStretch(server, clients, work, pool);
  };
  if (options.promises > 0) await book(drawFilling, options.promises, 3_600);
  await makeSlots(url, SLOT_HOURS, 1_000_000_000);
  const pairs: { booked: Stretch; counted: Stretch }[] = [];
  for (let n = 0; n < options.repetitions; n += 1) {
    const booked = await book(drawBooking, options.seconds * QUOTES_PER_SECOND, options.seconds);
    const { seconds } = options;
    const count = { kind: 'count', url, clients: SLOT_CLIENTS, seconds, hours: SLOT_HOURS, seed: n } as const;
    pairs.push({ booked, counted: await measureStretch(server, clients, count, null) });
  }
  return pairs;
}

/** A new leader, from taking the lease to its first look at the commands that wait: real and processor time. */
async function measureRestart(market: BookingMarket) {
  const runs: { ms: number; processorMs: number; promises: number }[] = [];
  for (let n = 0; n < RESTARTS; n += 1) {
    const [startMs, startWorkedMs] = [performance.now(), workedMs()];
    const pool = await openLeader(market, `restart ${n}`);
    await decideOnce(LEADER, pool);
    const promises = pool.mind.book.reservations.size;
    runs.push({ ms: performance.now() - startMs, processorMs: workedMs() - startWorkedMs, promises });
  }
  return {
    promises: runs[0]?.promises ?? 0,
    ms: rounded(median(runs.map(({ ms }) => ms))),
    leaderProcessorMs: rounded(median(runs.map(({ processorMs }) => processorMs))),
  };
}

/** In a market of its own, as full of gangs as it goes. */
async function measureContest(server: BookingServer, options: Options) {
  await server.enter('contest');
  const market = await seedBookingMarket(options.cards, ORGANISATIONS);
  const leader = await openLeader(market, 'contest');
  const quotes = await seedGangs(market, options.cards, options.attempts, SEED);
  const startMs = performance.now();
  const { attempts, contestants: clients } = options;
  const report = await runContest({ clients, attempts, seed: SEED, leaders: [leader] }, quotes);
  const perSecond = rounded(attempts / ((performance.now() - startMs) / 1_000));
  return { perSecond, ...report, wrongs: await findWrongs() };
}

function summaryOf(pairs: readonly { booked: Stretch; counted: Stretch }[]) {
  const of = (figure: (pair: (typeof pairs)[number]) => number): number => rounded(median(pairs.map(figure)));
  const each = (stretch: Stretch): number =>
    stretch.clientMsEach + stretch.leaderMsEach + (stretch.databaseMsEach ?? 0);
  return {
    bookingsPerSecond: of(({ booked }) => booked.perSecond),
    slotsPerSecond: of(({ counted }) => counted.perSecond),
    ratio: of(({ booked, counted }) => booked.perSecond / counted.perSecond),
    /** The leader decides and writes by turns: without deciding, a second holds so many more. */
    bookingsPerSecondWithoutDeciding: of(({ booked }) => 1_000 / (1_000 / booked.perSecond - booked.decidingMsEach)),
    p50Ms: of(({ booked }) => booked.p50Ms),
    p99Ms: of(({ booked }) => booked.p99Ms),
    commandsPerRound: of(({ booked }) => booked.commandsPerRound),
    clientMsEach: of(({ booked }) => booked.clientMsEach),
    databaseMsEach: of(({ booked }) => booked.databaseMsEach ?? Number.NaN),
    leaderMsEach: of(({ booked }) => booked.leaderMsEach),
    decidingMsEach: of(({ booked }) => booked.decidingMsEach),
    processorMsEach: of(({ booked }) => each(booked)),
    slotProcessorMsEach: of(({ counted }) => each(counted)),
    processorRatio: of(({ booked, counted }) => each(counted) / each(booked)),
    answers: pairs.map(({ booked }) => booked.answers),
  };
}

function print(title: string, figures: Readonly<Record<string, unknown>>): void {
  console.log(title);
  printTable(
    Object.entries(figures).map(([name, value]) => [
      `  ${name}`,
      typeof value === 'object' ? JSON.stringify(value) : `${value}`,
    ]),
  );
}

export const bookingsBench: Bench = {
  name: 'bookings',
  usage:
    'bookings [--seconds S] [--clients N] [--promises N] [--attempts N] [--contestants N] [--repetitions N] [--cards N] [--json]',
  run: async (args) => {
    const { options, isJson } = readOptions(args);
    const before = machine();
    const server = await openBookingServer();
    const clients = startClients();
    try {
      const url = await server.enter('bookings');
      const market = await seedBookingMarket(options.cards, ORGANISATIONS);
      const pairs = await measureBookings({ server, url, clients, market }, options);
      const written = { ...summaryOf(pairs), wrongs: await findWrongs() };
      const restart = await measureRestart(market);
      clients.close();
      const contest = options.attempts > 0 ? await measureContest(server, options) : null;
      const report = { bench: 'bookings', options, written, restart, contest, before, after: machine() };
      if (isJson) console.log(JSON.stringify(report));
      else {
        print('Bookings through PostgreSQL, every commit flushed; processor milliseconds each', written);
        print('A new leader', restart);
        if (contest) print('Contested cards', contest);
        console.log(
          `load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`,
        );
      }
    } finally {
      clients.close();
      await server.close();
    }
  },
};
