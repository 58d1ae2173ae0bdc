// An hour's run over a pool of busy cards, as the engine makes it: seconds, journals, postings and charges a second, and the
// most memory; once with reservations of all sizes and once with one card each, which is the most journals there can be.
import { FLEET_AT, FLEET_CTX, fleetHour, MIXED_GANGS, seedBusyFleet } from '#lib/billing/testing-fleet.ts';
import { present } from '#lib/core/assert.ts';
import { chargeWholeHour, shardsFor } from '#lib/engine/charging.ts';
import { withTx } from '#lib/platform/db.ts';
import { type BookingServer, openBookingServer } from './booking-server.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { median, rounded } from './figures.ts';
import { machine, memoryInUse } from './measure.ts';

const MIB = 1_048_576;
const ORGANISATIONS = 200;
/** Hours charged before the measured ones: plans, statements and pages are warm, as they are in an engine that runs. */
const WARM_UP_HOURS = 2;

type Options = { readonly cards: number; readonly hours: number };

/** Rows of the books so far. */
async function countBooks(): Promise<{ journals: number; postings: number; charges: number }> {
  const [row] = await withTx(
    FLEET_CTX,
    (tx) => tx.$queryRaw<{ journals: number; postings: number; charges: number }[]>`
      SELECT (SELECT count(*)::int FROM journal) AS journals, (SELECT count(*)::int FROM posting) AS postings,
        (SELECT count(*)::int FROM usage_charge) AS charges`,
  );
  return present(row, 'counts');
}

async function measureFleet(server: BookingServer, name: string, gangs: readonly number[], { cards, hours }: Options) {
  const url = await server.enter(`kashi_bench_charge_${name}`);
  const total = WARM_UP_HOURS + hours;
  const fleet = await seedBusyFleet(url, { cards, organisations: ORGANISATIONS, gangs, hours: total });
  const lease = { poolId: fleet.poolId, epoch: 1n, decisions: 0n };
  const charge = async (n: number): Promise<void> => {
    const ctx = { ...FLEET_CTX, now: fleetHour(n + 1) };
    await chargeWholeHour(ctx, lease, fleet.prices, fleetHour(n), shardsFor(cards));
  };
  for (let n = 0; n < WARM_UP_HOURS; n += 1) await charge(n);
  memoryInUse();
  const before = await countBooks();
  const [seconds, ownSeconds, databaseSeconds]: number[][] = [[], [], []];
  let peakBytes = 0;
  for (let n = WARM_UP_HOURS; n < total; n += 1) {
    const [startMs, own, database] = [performance.now(), process.cpuUsage(), server.workedSeconds() ?? Number.NaN];
    await charge(n);
    seconds?.push((performance.now() - startMs) / 1_000);
    const { user, system } = process.cpuUsage(own);
    ownSeconds?.push((user + system) / 1e6);
    databaseSeconds?.push((server.workedSeconds() ?? Number.NaN) - database);
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }
  const after = await countBooks();
  const took = median(seconds ?? []);
  const each = (key: keyof typeof after): number => (after[key] - before[key]) / hours;
  return {
    reservations: name,
    cards,
    journals: each('journals'),
    postings: each('postings'),
    charges: each('charges'),
    seconds: rounded(took),
    fastestSeconds: rounded(Math.min(...(seconds ?? []))),
    journalsPerSecond: Math.round(each('journals') / took),
    postingsPerSecond: Math.round(each('postings') / took),
    chargesPerSecond: Math.round(each('charges') / took),
    ownSeconds: rounded(median(ownSeconds ?? [])),
    databaseSeconds: rounded(median(databaseSeconds ?? [])),
    peakMiB: Math.round(peakBytes / MIB),
  };
}

async function run(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ['cards', 'hours']);
  const options: Options = {
    cards: flags.cards === undefined ? 10_000 : readWhole(flags.cards, '--cards', { min: 64, max: 100_000 }),
    hours: flags.hours === undefined ? 5 : readWhole(flags.hours, '--hours', { min: 1, max: 200 }),
  };
  const before = machine();
  const server = await openBookingServer();
  try {
    const figures = [
      await measureFleet(server, 'mixed', MIXED_GANGS, options),
      await measureFleet(server, 'single', [1], options),
    ];
    const report = {
      bench: 'charge',
      firstHourAt: new Date(FLEET_AT).toISOString(),
      figures,
      before,
      after: machine(),
    };
    if (flags.json) return void console.log(JSON.stringify(report));
    const names = Object.keys(present(figures[0], 'figures')) as (keyof (typeof figures)[number])[];
    printTable(names.map((name) => [name, ...figures.map((figure) => `${figure[name]}`)]));
    console.log(`load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`);
  } finally {
    await server.close();
  }
}

export const chargeBench: Bench = { name: 'charge', usage: 'charge [--cards 10000] [--hours 5] [--json]', run };
