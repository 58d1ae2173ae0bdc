import 'server-only';
import { record } from '#lib/audit/record.ts';
import { createQuote } from '#lib/catalog/service.ts';
import type { Wish } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { DAY_MS, floorToHour, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { parsePrice } from '#lib/core/money.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { Engine } from '#lib/engine/engine.ts';
import { actAsMember } from '#lib/identity/acting.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { demandClock, readNow, startDemoClock, startRealClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { reserve } from '#lib/reservations/service.ts';
import { seedModels, seedSku } from './catalog.ts';
import { FOSHAN, SHAOGUAN, seedLevels, seedSite } from './fleet.ts';
import { DEMO_CUSTOMERS, must, seedPeople } from './people.ts';

/** Example prices: no public hourly price of these cards is known. */
const EXAMPLE_YUAN = { zw810e: '12.5', m890: '16.8' } as const;
/** Queued jobs: to pass others costs half more; to leave on ten minutes' notice costs four tenths less. */
const TIERS = [
  { tier: 'urgent', factorBps: 15_000 },
  { tier: 'flex', factorBps: 6_000 },
] as const;
const NIGHT = [{ fromHour: 0, toHour: 8, factorBps: 7_000 }];
const TERMS = [
  { term: 'day', factorBps: 9_000 },
  { term: 'week', factorBps: 8_000 },
  { term: 'month', factorBps: 7_000 },
] as const;

/** How far back the demo's history begins: far enough that there is a whole month to close most of the time. */
const HISTORY_DAYS = 40;

async function seedMarket(startAt: Instant, seed: number): Promise<void> {
  const ctx = await systemCtx('seeding');
  await withTx(
    ctx,
    async (tx) => {
      await startDemoClock(tx, startAt);
      await seedLevels(tx);
      await seedModels(tx);
      for (const plan of [SHAOGUAN, FOSHAN]) {
        const pool = await seedSite(tx, plan, seed, startAt);
        const price = present(parsePrice(EXAMPLE_YUAN[plan.modelId as keyof typeof EXAMPLE_YUAN]), 'price');
        const sku = { ...pool, modelId: plan.modelId, price, validFrom: startAt };
        await seedSku(tx, { ...sku, purchase: 'by-hour', bands: NIGHT, terms: [], tiers: TIERS });
        await seedSku(tx, { ...sku, purchase: 'by-card', bands: [], terms: TERMS });
      }
    },
    { timeoutMs: 120_000 },
  );
}

/** A booking of the demo's past: who, how long after the beginning, and what. */
type Past = {
  readonly email: string;
  readonly afterHours: number;
  readonly name: string;
  readonly wish: Partial<Wish>;
};

const XINGTU = DEMO_CUSTOMERS[0].people[1].email;
const LINGNAN = DEMO_CUSTOMERS[1].people[0].email;
const HOUR_S = 3_600;

const PAST: readonly Past[] = [
  {
    email: XINGTU,
    afterHours: 9,
    name: '预训练试跑',
    wish: { cards: 64, topology: 'same-supernode', durationSeconds: 10 * HOUR_S },
  },
  { email: LINGNAN, afterHours: 30, name: 'policy sweep', wish: { cards: 8, durationSeconds: 26 * HOUR_S } },
  {
    email: XINGTU,
    afterHours: 100,
    name: '推理评测',
    wish: { skuId: 'sku_fs-m890-hour', cards: 8, topology: 'same-server', durationSeconds: 5 * HOUR_S },
  },
  {
    email: LINGNAN,
    afterHours: 210,
    name: 'simulator week',
    wish: { skuId: 'sku_sg-zw810e-card', cards: 4, term: 'week' },
  },
  {
    email: XINGTU,
    afterHours: 400,
    name: '微调 A',
    wish: { cards: 32, topology: 'whole-servers', durationSeconds: 18 * HOUR_S },
  },
  { email: LINGNAN, afterHours: 640, name: 'nightly eval', wish: { cards: 16, durationSeconds: 7 * HOUR_S } },
  {
    email: XINGTU,
    afterHours: 800,
    name: '微调 B',
    wish: { cards: 48, topology: 'same-supernode', durationSeconds: 30 * HOUR_S },
  },
  {
    email: XINGTU,
    afterHours: HISTORY_DAYS * 24 - 2,
    name: '在线微调',
    wish: { cards: 8, topology: 'same-server', durationSeconds: 20 * HOUR_S },
  },
];

const PLAIN: Wish = {
  skuId: 'sku_sg-zw810e-hour',
  cards: 1,
  topology: 'any',
  startAt: null,
  durationSeconds: null,
  term: null,
  imageId: null,
};

/** Runs business time to an instant with an engine in this process. */
async function runTo(engine: Engine, to: Instant): Promise<void> {
  const ctx = await systemCtx('seeding');
  await withTx(ctx, (tx) => demandClock(tx, to, 0));
  for (let isBusy = true; isBusy; ) {
    engine.wake('everything');
    while (await engine.turn());
    isBusy = (await withTx(ctx, readNow)) < to;
  }
}

async function book(engine: Engine, { email, name, wish }: Past): Promise<void> {
  const member = await actAsMember(await systemCtx('seeding'), { email });
  const quote = must(await createQuote(member, { ...PLAIN, ...wish }), `a quote for ${name}`);
  let isOpen = true;
  const answer = reserve(member, { quoteId: quote.id, name, idempotencyKey: `demo:${name}` }).finally(() => {
    isOpen = false;
  });
  while (isOpen) {
    engine.wake('everything');
    await engine.turn();
  }
  must(await answer, name);
}

/**
 * Builds the demo market with a history that really happened: its bookings went through the services and the engine,
 * were metered hour by hour and paid. Leaves the clock on real time, or standing in demo mode.
 */
export async function seedDemo(options: {
  readonly seed: number;
  readonly isDemoClock: boolean;
  readonly onProgress: (line: string) => void;
}): Promise<void> {
  const { seed, isDemoClock, onProgress } = options;
  const { now: realNow } = await systemCtx('seeding');
  const endAt = instant(Math.floor(realNow / 1_000) * 1_000);
  const startAt = floorToHour(instant(endAt - HISTORY_DAYS * DAY_MS));
  onProgress('two sites, 10,256 cards, prices');
  await seedMarket(startAt, seed);
  onProgress('people and money');
  await seedPeople();
  const engine = new Engine('seeding', { seed, faultRates: 'none', hosts: NO_HOSTS });
  for (const past of PAST) {
    await runTo(engine, instant(startAt + past.afterHours * HOUR_MS));
    await book(engine, past);
    onProgress(`history: day ${Math.round(past.afterHours / 24)} of ${HISTORY_DAYS}`);
  }
  await runTo(engine, endAt);
  await engine.close();
  const ctx = await systemCtx('seeding');
  await withTx(ctx, async (tx) => {
    if (!isDemoClock) await startRealClock(tx);
    await record(ctx, tx, 'market.seeded', 'market', {});
  });
}
