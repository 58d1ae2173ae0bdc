import { expect, test } from 'vitest';
import { listSteps } from '#lib/arrears/service.ts';
import { walkArrears } from '#lib/arrears/walking.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { ledgerRefusalOf, lockWallets, post } from '#lib/ledger/posting.ts';
import { goodwillGranted } from '#lib/ledger/correction-templates.ts';
import { gracePlaced } from '#lib/ledger/arrears-templates.ts';
import { payArrears } from '#lib/ledger/arrears.ts';
import { placed, topUpSettled } from '#lib/ledger/templates.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { PROOFS } from './verify.ts';
import { listNotices } from '#lib/notices/service.ts';
import { topUpInSandbox } from '#lib/payments/top-ups.ts';
import { demandClock, stepClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { findJob, queueJob } from '#lib/reservations/queue/service.ts';
import {
  book,
  customerOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
  walletOf,
} from './testing-market.ts';

process.env['KASHI_SANDBOX_PAYMENTS'] = '1';
await createTestDatabase();
const market = await openTestMarket(64, 0n);
// Fifteen days go by hour by hour; one shows as much.
await withTx(SYSTEM, async (tx) => {
  await tx.$executeRaw`UPDATE arrears_policy SET state = 'replaced'`;
  await tx.$executeRaw`INSERT INTO arrears_policy SELECT 'arp_test', organisation_id, first_warning_hours, last_warning_hours, grace_seconds, 1, reason,
    'approved', proposed_by, proposed_at, decided_by, decided_at FROM arrears_policy`;
});
const YUAN = 100_000_000n;
const HOUR_PRICE = PRICE_YUAN * YUAN;
const DAY_HOURS = 24;

/** A customer who runs one card with an open end, with money for `hours` of it. */
async function setup(hours: bigint) {
  const { org, now } = await newCustomer(market, PRICE_YUAN * hours);
  const booked = await book(market, { durationSeconds: null }, org);
  if (!booked.ok) throw new Error(JSON.stringify(booked.refusal));
  const run = (after: number) => runTo(market, instant(now + after * HOUR_MS));
  const steps = async () => (await listSteps(await customerOf(org), 20)).toReversed().map(({ to }) => to);
  const notices = async () => {
    const { rows } = await listNotices(await customerOf(org), { skip: 0, take: 50 });
    return rows.toReversed().map(({ kind }) => kind);
  };
  const pay = async (yuan: bigint) => topUpInSandbox(await customerOf(org), fen(yuan * 100n));
  const state = () =>
    withTx(SYSTEM, (tx) =>
      tx.reservation.findFirst({ where: { organisationId: org }, select: { state: true, endReason: true } }),
    );
  return { org, now, run, steps, notices, pay, state };
}

/** The names of the proofs that do not hold. */
async function violated(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) names.push(name);
  return names;
}

test('money that runs out is told of step by step, lent for the grace, stopped, kept and released; each once', async () => {
  const { org, now, run, steps, notices, state } = await setup(2n);
  await settleDown(market);
  expect(await steps()).toEqual(['warned']);
  await run(1.5);
  expect(await steps()).toEqual(['warned', 'lastHour']);
  await run(2);
  expect(await steps()).toEqual(['warned', 'lastHour', 'grace']);
  const owing = await getWallet(await customerOf(org));
  expect(owing).toMatchObject({
    spendableUnits: -2n * HOUR_PRICE,
    owedUnits: 2n * HOUR_PRICE,
    heldUnits: 2n * HOUR_PRICE,
  });
  await run(3.9);
  expect(await state()).toMatchObject({ state: 'active' });
  await run(4);
  await run(5);
  expect(await state()).toEqual({ state: 'ended', endReason: 'funds' });
  expect(await steps()).toEqual(['warned', 'lastHour', 'grace', 'stopped', 'retained']);
  const [, , , stopped] = (await listSteps(await customerOf(org), 20)).toReversed();
  expect(stopped?.at).toBe(now + 4 * HOUR_MS);
  await run(4 + DAY_HOURS);
  expect(await steps()).toEqual(['warned', 'lastHour', 'grace', 'stopped', 'retained', 'released']);
  expect(await notices()).toEqual([
    'arrearsWarned',
    'arrearsLastHour',
    'arrearsGrace',
    'arrearsStopped',
    'arrearsRetained',
    'arrearsReleased',
  ]);
  expect(await getWallet(await customerOf(org))).toMatchObject({ owedUnits: 2n * HOUR_PRICE, heldUnits: 0n });
  expect(await violated()).toEqual([]);
});

test('the next top-up pays what is owed first, unfreezes, and starts nothing', async () => {
  const { org, run, steps, notices, pay, state } = await setup(1n);
  await run(6);
  expect((await steps()).at(-1)).toBe('retained');
  const refused = await book(market, { cards: 1 }, org);
  expect(refused).toMatchObject({
    ok: false,
    refusal: { code: 'fundsInsufficient', availableUnits: `${-2n * HOUR_PRICE}` },
  });
  expect((await pay(10n)).ok).toBe(true);
  expect(await getWallet(await customerOf(org))).toMatchObject({ spendableUnits: 10n * YUAN - 2n * HOUR_PRICE });
  await settleDown(market);
  expect((await steps()).at(-1)).toBe('retained');
  expect((await pay(100n)).ok).toBe(true);
  expect(await getWallet(await customerOf(org))).toMatchObject({
    owedUnits: 0n,
    spendableUnits: 110n * YUAN - 2n * HOUR_PRICE,
  });
  await run(6.1);
  expect((await steps()).at(-1)).toBe('ok');
  expect((await notices()).at(-1)).toBe('arrearsPaid');
  expect(await state()).toMatchObject({ state: 'ended' });
  expect((await book(market, { cards: 1 }, org)).ok).toBe(true);
});

test('who pays before the stop goes on as if nothing had been', async () => {
  const { org, run, steps, pay, state } = await setup(1n);
  await run(2.99);
  expect((await steps()).at(-1)).toBe('grace');
  expect((await pay(PRICE_YUAN * 50n)).ok).toBe(true);
  await run(4.5);
  expect((await steps()).at(-1)).toBe('ok');
  expect(await state()).toMatchObject({ state: 'active' });
  expect(await walletOf(org)).toBe((50n - 2n - 2n) * HOUR_PRICE);
});

test('an engine that is killed between any two moments leaves the steps as they would be', async () => {
  const { run, steps, notices, state } = await setup(1n);
  for (const after of [0.5, 0.95, 1.2, 2.5, 3, 3.2, 3 + DAY_HOURS]) {
    await run(after);
    await killEngine(market);
  }
  await run(3.5 + DAY_HOURS);
  expect(await steps()).toEqual(['warned', 'lastHour', 'grace', 'stopped', 'retained', 'released']);
  expect((await notices()).length).toBe(6);
  expect(await state()).toMatchObject({ endReason: 'funds' });
});

test('many walks at one moment take each step once', async () => {
  const { org, run, steps, notices } = await setup(30n);
  await settleDown(market);
  await run(5.9);
  const now = instant((await customerOf(org)).now + 10 * 60_000);
  // Time passes while no engine looks.
  await withTx(SYSTEM, async (tx) => {
    await demandClock(tx, now, 0);
    await stepClock(tx, now);
  });
  const at: Ctx = { ...SYSTEM, actor: { kind: 'system', job: 'engine' }, now };
  await Promise.all(Array.from({ length: 8 }, () => walkArrears(at)));
  expect(await steps()).toEqual(['warned']);
  expect(await notices()).toEqual(['arrearsWarned']);
});

const asRef = (org: Id<'organisation'>, reservationId: string) => ({
  reservationId: reservationId as Id<'reservation'>,
  organisationId: org,
  poolId: market.poolId,
  skuId: 'sku_sg-zw810e-hour',
  purchase: 'by-hour' as const,
});

/** Why the database refuses a journal; null when it takes it. */
async function refusalOf(journal: ReturnType<typeof placed>, ctx: Ctx) {
  try {
    await withTx(ctx, (tx) => post(ctx, tx, [journal]));
    return null;
  } catch (error) {
    return ledgerRefusalOf(error)?.code ?? 'fault';
  }
}

test('the database lends to nobody who was stopped, and lets nobody spend what is owed', async () => {
  const { org, run } = await setup(1n);
  await run(4.5);
  const ctx: Ctx = { ...SYSTEM, now: (await customerOf(org)).now };
  const more = gracePlaced(asRef(org, 'rsv_lent'), ctx.now, 0, units(HOUR_PRICE), 3_600n);
  expect(await refusalOf(more, ctx)).toBe('insufficientFunds');
  const spent = placed(asRef(org, 'rsv_spent'), ctx.now, 0, units(1n), 1n);
  // Money that came by a way that pays no debt, and is spent before anybody looked.
  const [id, reservationId] = ['cmp_gift' as Id<'compensation'>, 'rsv_gift' as Id<'reservation'>];
  const gift = goodwillGranted({ id, reservationId, organisationId: org, at: ctx.now }, units(HOUR_PRICE), 'wallet');
  await withTx(ctx, (tx) => post(ctx, tx, [gift]));
  expect(await refusalOf(spent, ctx)).toBe('insufficientFunds');
});

test('at the release, and not before, what waits in the queue is withdrawn; what came later stays', async () => {
  const { org, run, steps } = await setup(1n);
  await run(4);
  const wish = { skuId: 'sku_sg-zw810e-hour', projectId: null, tier: 'standard', cards: 8, topology: 'any' } as const;
  const more = {
    walltimeSeconds: 3_600,
    deadlineAt: null,
    priceCapE10: null,
    imageId: 'img_ppu-base-1-5',
    command: 'true',
  };
  const submit = async (name: string) => {
    const asked = queueJob(await customerOf(org), { ...wish, ...more, name, idempotencyKey: name });
    const answer = await during(market, asked);
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    return answer.value.jobId;
  };
  const stateOf = async (id: string) => (await findJob(await customerOf(org), id))?.state;
  const early = await submit('early');
  await run(2 + DAY_HOURS);
  expect([(await steps()).at(-1), await stateOf(early)]).toEqual(['retained', 'queued']);
  await run(4 + DAY_HOURS);
  // An engine hears of the command at once; here it is woken by hand.
  await settleDown(market);
  expect([(await steps()).at(-1), await stateOf(early)]).toEqual(['released', 'cancelled']);
  const late = await submit('late');
  await run(5 + DAY_HOURS);
  await settleDown(market);
  expect(await stateOf(late)).toBe('queued');
});

test.each([
  ['skipped', `number + 1, episode, to_state, 'released', recorded_at`],
  ['taken twice', `number + 1, episode, to_state, to_state, recorded_at`],
  ['taken before its time', `number + 1, episode, to_state, 'stopped', stop_at - interval '1 second'`],
  ['of another number', `number + 2, episode, to_state, 'stopped', stop_at`],
  ['paid while something is owed', `number + 1, episode, to_state, 'ok', recorded_at`],
])('the database takes no step that is %s', async (_, columns) => {
  const { org, run, steps } = await setup(1n);
  await run(1.5);
  expect((await steps()).at(-1)).toBe('grace');
  const forged = withTx(SYSTEM, (tx) =>
    tx.$executeRawUnsafe(`INSERT INTO arrears_step (organisation_id, number, episode, from_state, to_state, at, recorded_at, spendable_units, owed_units,
      burn_units_per_hour, stop_at) SELECT organisation_id, ${columns}, 'infinity', -1, 1, 0, stop_at FROM arrears_step
      WHERE organisation_id = '${org}' ORDER BY number DESC LIMIT 1`),
  );
  await expect(forged).rejects.toThrow('does not follow');
});

test('who waits for the lock of a wallet sees what was paid under it, not what was owed before', async () => {
  const { org, run } = await setup(1n);
  await run(1.5);
  const ctx: Ctx = { ...SYSTEM, now: (await customerOf(org)).now };
  let waiting: Promise<bigint | undefined> | undefined;
  await withTx(ctx, async (tx) => {
    await lockWallets(tx, [org]);
    waiting = walletOf(org);
    await backendWaits(tx);
    await post(ctx, tx, [topUpSettled('pay_late' as Id<'payment'>, org, 'sandbox', fen(10_000n), ctx.now)]);
    await payArrears(ctx, tx, org);
  });
  expect(await waiting).toBe(100n * YUAN - 2n * HOUR_PRICE);
});

/** Returns when some other session waits for what this transaction holds. */
async function backendWaits(tx: Tx): Promise<void> {
  for (;;) {
    const [row] = await tx.$queryRaw<{ waits: boolean }[]>`
      SELECT EXISTS (
        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))) AS waits`;
    if (row?.waits) return;
  }
}
