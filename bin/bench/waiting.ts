// Rounds of the queue over a full pool with many jobs waiting: what one costs the engine, by what caused it.
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, MINUTE_MS, plusMs } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { type Units, units } from '#lib/core/money.ts';
import { decideRound } from '#lib/engine/batch.ts';
import type { Mind } from '#lib/engine/mind.ts';
import { decideQueue } from '#lib/engine/queue-deciding.ts';
import { booking, commandOf, smallPool, T0 } from '#lib/engine/testing.ts';
import type { Job } from '#lib/reservations/queue/types.ts';
import { type Bench, readFlags, readWhole } from './command-line.ts';
import { measureAndReport, resultOf, secondsOf } from './measure.ts';

const SEED = 7;
const ORGANISATIONS = 300;
const CARDS = [1, 2, 4, 8, 8, 8, 16, 16, 32, 64];
const HOURS = [0.5, 1, 2, 4, 8, 24, 72];

type Market = { readonly mind: Mind; readonly wallets: ReadonlyMap<string, Units> };

/** A pool that the first of the jobs have filled; the rest wait. */
function openMarket(servers: number, waiting: number, promises: number): Market {
  const mind = smallPool(servers);
  const next = mulberry32(SEED);
  const draw = <T>(from: readonly T[]): T => present(from[Math.floor(next() * from.length)], 'choice');
  const image = { id: 'img_bench' as Id<'image'>, name: '', version: '', sdk: '', archs: ['ppu001'] };
  mind.book.catalog = { ...mind.book.catalog, images: new Map([[image.id, image]]) };
  const wallets = new Map<string, Units>();
  for (let i = 0; i < ORGANISATIONS; i += 1) {
    const id = `org_${i}` as Id<'organisation'>;
    // Every tenth has no money to start anything with.
    wallets.set(id, units(i % 10 === 0 ? 1n : 10n ** 18n));
    mind.book.limits.set(id, { cardQuota: 10_000, monthlySpendingLimitUnits: null });
  }
  const jobOf = (sequence: number): Job => ({
    id: `job_${sequence}` as Id<'job'>,
    organisationId: `org_${Math.floor(next() * ORGANISATIONS)}` as Id<'organisation'>,
    projectId: null,
    skuId: 'sku_hour' as Id<'sku'>,
    sequence,
    name: `${sequence}`,
    tier: next() < 0.9 ? 'standard' : 'urgent',
    cards: draw(CARDS),
    topology: 'any',
    walltimeSeconds: 60 * Math.ceil(draw(HOURS) * 60 * (0.5 + next())),
    deadlineAt: null,
    priceCapE10: null,
    imageId: image.id,
    command: 'sleep 1',
    submittedBy: 'user:bench',
    submittedAt: plusMs(T0, -sequence),
    standing: { state: 'queued', waiting: null },
  });
  const { catalog } = mind.book;
  const sku = present(catalog.skus.get('sku_hour'), 'sku');
  const tiers = [{ tier: 'urgent', factorBps: 10_000, price: present(sku.price, 'price') }] as const;
  mind.book.catalog = { ...catalog, skus: new Map([['sku_hour', { ...sku, tiers }]]) };
  for (let i = 0; i < promises; i += 1) {
    const startAt = T0 + (2 + Math.floor(next() * 96)) * HOUR_MS;
    const wish = { cards: draw(CARDS), startAt, durationSeconds: Math.round(draw(HOURS) * 3_600) };
    const command = commandOf(booking(`rsv_p${i}`, wish), `org_${i % ORGANISATIONS}` as Id<'organisation'>);
    decideRound(mind, { reports: [], commands: [command], wallets, now: T0 });
  }
  let sequence = 0;
  const fill = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      sequence += 1;
      mind.apply({ kind: 'jobQueued', job: jobOf(sequence) });
    }
  };
  for (let full = false; !full; ) {
    fill(500);
    const round = decideQueue(mind, { over: [], wallets, now: T0 });
    full = !round.isUnfinished && mind.book.queue.waiting.size > 400;
  }
  fill(Math.max(0, waiting - mind.book.queue.waiting.size));
  return { mind, wallets };
}

async function timed({ mind, wallets }: Market, minutes: number, over: readonly Job['id'][]) {
  let round: ReturnType<typeof decideQueue> | null = null;
  const seconds = await secondsOf(() => {
    round = decideQueue(mind, { over, wallets, now: plusMs(T0, minutes * MINUTE_MS) });
  });
  return { ms: seconds * 1_000, round: present(round as ReturnType<typeof decideQueue> | null, 'round') };
}

export const waitingBench: Bench = {
  name: 'waiting',
  usage: 'waiting [--cards N] [--jobs N] [--promises N] [--repetitions N] [--json]',
  run: async (args) => {
    const flags = readFlags(args, ['cards', 'jobs', 'promises', 'repetitions']);
    const whole = (text: string | undefined, name: string, most: number, otherwise: number): number =>
      text === undefined ? otherwise : readWhole(text, name, { min: 1, max: most });
    const servers = Math.ceil(whole(flags.cards, '--cards', 1_000_000, 10_000) / 16);
    const jobs = whole(flags.jobs, '--jobs', 100_000, 10_000);
    const promises = whole(flags.promises, '--promises', 100_000, 300);
    const repetitions = whole(flags.repetitions, '--repetitions', 100, 5);
    const measure = async () => {
      const market = openMarket(servers, jobs, promises);
      const { queue, reservations } = market.mind.book;
      const size = {
        cards: servers * 16,
        waiting: queue.waiting.size,
        running: queue.running.size,
        promises: reservations.size - queue.running.size,
        started: 0,
      };
      const [first, quiet, ended, emptied] = [[] as number[], [] as number[], [] as number[], [] as number[]];
      for (let i = 0; i < repetitions; i += 1) {
        const explaining = await timed(market, 1, []);
        explaining.round.undo();
        first.push(explaining.ms);
      }
      decideQueue(market.mind, { over: [], wallets: market.wallets, now: plusMs(T0, MINUTE_MS) });
      const one = present(queue.running.keys().next().value, 'running job');
      for (let i = 0; i < repetitions; i += 1) {
        const still = await timed(market, 2, []);
        still.round.undo();
        quiet.push(still.ms);
        const after = await timed(market, 2, [one]);
        after.round.undo();
        ended.push(after.ms);
      }
      const all = [...queue.running.keys()];
      for (let i = 0; i < repetitions; i += 1) {
        const starting = await timed(market, 2, all);
        size.started = starting.round.changes.filter(({ kind }) => kind === 'jobStarted').length;
        starting.round.undo();
        emptied.push(starting.ms);
      }
      return {
        size,
        results: [
          resultOf('a round that explains for the first time', 'ms', first),
          resultOf('a round in which nothing starts', 'ms', quiet),
          resultOf('a round after one job ended', 'ms', ended),
          resultOf('a round after all jobs ended', 'ms', emptied),
        ],
      };
    };
    const title = 'One round of the queue over a full pool';
    await measureAndReport({ name: 'waiting', title, measure }, repetitions, flags.json);
  },
};
