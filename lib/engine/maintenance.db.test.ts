import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { findCard } from '#lib/inventory/service.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import {
  endWindow,
  findDrainPlan,
  findWindow,
  listWindows,
  planDrain,
  planWindow,
} from '#lib/reservations/maintenance.ts';
import { listSpares } from '#lib/reservations/spare-share.ts';
import type { Handling } from '#lib/reservations/maintenance-types.ts';
import { book, customerOf, detailOf, during, killEngine, openTestMarket, runTo, settleDown } from './testing-market.ts';
import { PROOFS } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(128, 1_000_000n);
const opsSecret = await newStaff(['ops']);
const ops = () => staffCtx(opsSecret);
const SERVER: ActTarget = { kind: 'place', id: 'nod_sg-p01-s01-n1' };

let keys = 0;
const nextKey = (): string => {
  keys += 1;
  return `m-${keys}`;
};

async function now(): Promise<Instant> {
  await settleDown(market);
  return (await customerOf(market.organisationId)).now;
}

async function planned(startAt: Instant | null, endAt: Instant | null, target = SERVER) {
  const done = await during(market, planDrain(await ops(), { target, startAt, endAt, idempotencyKey: nextKey() }));
  if (!done.ok) throw new Error(done.refusal.code);
  return done.value.drainPlanId;
}

async function confirmed(drainPlanId: string, handling: Handling = 'wait', idempotencyKey = nextKey()) {
  const input = { drainPlanId, handling, reason: 'fans', typedCount: 16, idempotencyKey };
  return during(market, planWindow(await ops(), input));
}

async function broken(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) failed.push(name);
  return failed;
}

const card = async (id: string) => present(await findCard(await ops(), id), 'card');
const windowOf = async (id: string) => present(await findWindow(await ops(), id), 'window');
const booked = async (wish: Parameters<typeof book>[1]): Promise<string> => {
  const answer = await book(market, wish);
  return answer.ok ? (answer.value.reservationId ?? '') : JSON.stringify(answer);
};
const detail = async (id: string) => detailOf(await customerOf(market.organisationId), id);
const hours = (from: Instant, count: number): Instant => instant(Math.ceil(from / HOUR_MS) * HOUR_MS + count * HOUR_MS);

describe('a window on a server with a running booking', () => {
  test('is shown, confirmed, told, moved, taken and given back, across a killed engine', async () => {
    const at = await now();
    const id = await booked({ cards: 4, durationSeconds: 12 * 3_600 });
    const later = await booked({ cards: 16, topology: 'same-server', startAt: hours(at, 3), durationSeconds: 3_600 });
    const [startAt, endAt] = [hours(at, 3), hours(at, 5)];
    const drainPlanId = await planned(startAt, endAt);
    const plan = present(await findDrainPlan(await ops(), drainPlanId), 'plan');
    expect(plan).toMatchObject({ cards: 16, sellableCards: 16, servers: [{ path: 'gd/sg/p01/s01/n1' }] });
    expect(plan.hits).toMatchObject([
      { reservationId: id, organisationName: 'Test', cards: 4, stuckCards: 0, moves: { supernode: 4 } },
    ]);
    expect(await findDrainPlan(await ops(), 'drn_none')).toBeNull();
    const done = await confirmed(drainPlanId, 'move');
    if (!done.ok) throw new Error(done.refusal.code);
    const { windowId } = done.value;
    expect(await windowOf(windowId)).toMatchObject({ state: 'planned', counts: { planned: 16 } });
    const told = (await detail(id)).events.find(({ kind }) => kind === 'maintenanceAhead');
    expect(told?.data).toMatchObject({ fromAt: startAt, untilAt: endAt, cards: 4, handling: 'move' });
    await killEngine(market);
    await runTo(market, plusSeconds(startAt, 60));
    expect(await windowOf(windowId)).toMatchObject({ state: 'running', counts: { taken: 16 } });
    const moved = await detail(id);
    expect(moved.events.filter(({ kind }) => kind === 'cardMoved')).toHaveLength(4);
    const held = moved.allocations.filter(({ startAt: from }) => from >= startAt);
    expect(held).toHaveLength(4);
    expect(new Set(held.map(({ serverId }) => serverId))).not.toContain('nod_sg-p01-s01-n1');
    expect((await detail(later)).reservation.state).toBe('active');
    expect((await card('crd_sg-p01-s01-n1-c00')).lifecycle).toBe('maintenance');
    await killEngine(market);
    await runTo(market, plusSeconds(endAt, 60));
    expect(await windowOf(windowId)).toMatchObject({ state: 'done', counts: { returned: 16 } });
    expect(await card('crd_sg-p01-s01-n1-c00')).toMatchObject({ lifecycle: 'in_service' });
    expect((await card('crd_sg-p01-s01-n1-c00')).transitions.map(({ act, reason }) => [act, reason])).toEqual([
      ['finishMaintenance', 'fans'],
      ['startMaintenance', 'fans'],
    ]);
    expect(await broken()).toEqual([]);
  });

  test('the same key plans once; another plan of the same time is refused; called off, it is over', async () => {
    const at = await now();
    const drainPlanId = await planned(hours(at, 30), hours(at, 31));
    const key = nextKey();
    const first = await confirmed(drainPlanId, 'wait', key);
    expect(await confirmed(drainPlanId, 'wait', key)).toEqual(first);
    expect(await confirmed(drainPlanId)).toMatchObject({ refusal: { code: 'windowOverlaps', cards: 16 } });
    expect((await listWindows(await ops(), ['planned'], { skip: 0, take: 10 })).total).toBe(1);
    if (!first.ok) throw new Error(first.refusal.code);
    const { windowId } = first.value;
    const end = async () => during(market, endWindow(await ops(), { windowId, idempotencyKey: nextKey() }));
    expect(await end()).toEqual({ ok: true, value: null });
    expect(await end()).toEqual({ ok: false, refusal: { code: 'windowOver' } });
    expect((await windowOf(windowId)).state).toBe('cancelled');
  });

  test('a plan that the world has overtaken is not carried out', async () => {
    const at = await now();
    const drainPlanId = await planned(hours(at, 40), null);
    await booked({ cards: 128, topology: 'any', startAt: hours(at, 41), durationSeconds: 3_600 });
    expect(await confirmed(drainPlanId)).toMatchObject({ refusal: { code: 'drainPlanChanged' } });
    const again = await planned(hours(at, 40), null);
    expect(present(await findDrainPlan(await ops(), again), 'plan').promises).toMatchObject([{ servers: null }]);
    expect(await confirmed(again)).toMatchObject({ refusal: { code: 'promisesStuck', promises: 1 } });
    expect(await confirmed('drn_none')).toMatchObject({ refusal: { code: 'drainPlanUnknown' } });
    const supernode = await planned(hours(at, 50), hours(at, 51), { kind: 'place', id: 'plc_sg-p01-s02' });
    expect(await confirmed(supernode)).toMatchObject({ refusal: { code: 'countNotConfirmed', cards: 64 } });
  });
});

test('the database by itself refuses a second window of a card, and a window without a leader', async () => {
  const at = await now();
  const insert = (epoch: bigint | undefined) =>
    withTx(
      SYSTEM,
      (
        tx,
      ) => tx.$executeRaw`INSERT INTO maintenance_window (id, pool_id, start_at, handling, reason, state, notices_given, planned_by, planned_at)
        VALUES ('mnt_x', ${market.poolId}, ${new Date(at)}, 'wait', 'x', 'planned', 0, 'x', ${new Date(at)})`,
      epoch === undefined ? {} : { epoch },
    );
  await expect(insert(undefined)).rejects.toThrow(/not the leader/);
  const done = await confirmed(await planned(hours(at, 100), hours(at, 101)));
  if (!done.ok) throw new Error(done.refusal.code);
  const copy = () =>
    withTx(
      SYSTEM,
      (tx) => tx.$executeRaw`INSERT INTO maintenance_card (window_id, card_id, state, start_at, is_live)
      SELECT w.id, m.card_id, 'planned', m.start_at, true FROM maintenance_card m, maintenance_window w
      WHERE m.window_id = ${done.value.windowId} AND w.state = 'cancelled' LIMIT 1
      ON CONFLICT (window_id, card_id) DO UPDATE SET is_live = true, start_at = excluded.start_at, end_at = NULL`,
    );
  await expect(copy()).rejects.toThrow(/no_overlap/);
});

test('spares are counted for ops: kept, ready, standing in', async () => {
  await settleDown(market);
  await withTx(SYSTEM, async (tx) => {
    await tx.pool.update({ where: { id: market.poolId }, data: { spareBps: 200 } });
    const last = await tx.card.findMany({ orderBy: { ordinal: 'desc' }, take: 2, select: { id: true } });
    await tx.card.updateMany({ where: { id: { in: last.map(({ id }) => id) } }, data: { commercial: 'spare' } });
  });
  await killEngine(market);
  await settleDown(market);
  expect(await listSpares(await ops())).toEqual([
    { poolId: market.poolId, shareBps: 200, cards: 2, ready: 2, inUse: 0, onSale: 126, setBy: null, setAt: null },
  ]);
});

test('only operations plans; customers see neither plans nor windows', async () => {
  const [auditor, customer] = [await staffCtx(await newStaff(['auditor'])), await customerOf(market.organisationId)];
  const ask = { target: SERVER, startAt: null, endAt: null, idempotencyKey: 'no' };
  for (const ctx of [auditor, customer]) {
    await expect(planDrain(ctx, ask)).rejects.toThrow(Forbidden);
    await expect(endWindow(ctx, { windowId: 'mnt_x', idempotencyKey: 'no' })).rejects.toThrow(Forbidden);
  }
  await expect(listWindows(customer, ['planned'], { skip: 0, take: 1 })).rejects.toThrow(Forbidden);
  await expect(listSpares(customer)).rejects.toThrow(Forbidden);
  const seen = await withTx(customer, (tx) => tx.maintenanceWindow.count());
  expect(seen).toBe(0);
});
