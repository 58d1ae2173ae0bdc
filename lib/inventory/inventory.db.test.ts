import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { DAY_MS, HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  newCustomer,
  openTestMarket,
  runTo,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { listPoolStatus } from '#lib/engine/status.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { actOnTarget } from '#lib/reservations/acting-on-cards.ts';
import { listStaffReservations } from '#lib/reservations/ops.ts';
import { cancel } from '#lib/reservations/service.ts';
import { conditionIn, unpackBytes } from './card-map.ts';
import { listIncidents } from './incidents.ts';
import type { CardAct } from './lifecycle.ts';
import type { ActTarget } from './view-types.ts';
import {
  findCard,
  findPlaceView,
  findServer,
  findSlot,
  getCardMap,
  listCards,
  listPools,
  previewAct,
  search,
} from './service.ts';

await createTestDatabase();
const market = await openTestMarket(128, 0n);
const opsSecret = await newStaff(['ops']);
const ops = () => staffCtx(opsSecret);
const FIRST_SERVER = 'nod_sg-p01-s01-n1';
const FIRST_SUPERNODE = 'plc_sg-p01-s01';

async function setup() {
  return newCustomer(market, 100_000n);
}

type Org = Awaited<ReturnType<typeof setup>>['org'];

async function booked(org: Org, wish: Parameters<typeof book>[1]): Promise<string> {
  const result = await book(market, wish, org);
  if (!result.ok || result.value.reservationId === null) throw new Error(JSON.stringify(result));
  await settleDown(market);
  return result.value.reservationId;
}

const serversOf = async (org: Org, id: string) => [
  ...new Set((await detailOf(await customerOf(org), id)).allocations.map(({ serverId }) => serverId)),
];

let keys = 0;
async function act(name: CardAct, target: ActTarget, typedCount: number | null = null) {
  keys += 1;
  const input = { target, act: name, reason: 'fan noise', typedCount, idempotencyKey: `act-${keys}` };
  const answer = await during(market, actOnTarget(await ops(), input));
  await settleDown(market);
  return answer;
}

describe('what the cards do', () => {
  test('is counted the same for the pool, the tree, the map and its table', async () => {
    const { org } = await setup();
    const [before] = await listPools(await ops());
    await booked(org, { cards: 8, topology: 'same-server', durationSeconds: 3_600 });
    const [pool] = await listPools(await ops());
    expect(pool?.counts).toMatchObject({ cards: 128, inUse: (before?.counts.inUse ?? 0) + 8 });
    const root = present(await findPlaceView(await ops(), null), 'root');
    expect(root.counts).toEqual(pool?.counts);
    const site = present(await findPlaceView(await ops(), root.children[0]?.id ?? ''), 'site');
    expect(site.ancestors.map(({ id }) => id)).toEqual([root.id]);
    const pod = present(await findPlaceView(await ops(), site.children[0]?.id ?? ''), 'pod');
    expect(pod.children.map(({ counts }) => counts.cards)).toEqual([64, 64]);
    expect(pod.children.reduce((sum, { counts }) => sum + counts.inUse, 0)).toBe(pool?.counts.inUse);
    const map = await getCardMap(await ops(), market.poolId);
    const cells = [...unpackBytes(map.cells)].map(conditionIn);
    expect(cells.filter((condition) => condition === 'inUse')).toHaveLength(pool?.counts.inUse ?? 0);
    const filter = { poolId: market.poolId, conditions: ['inUse' as const] };
    const table = await listCards(await ops(), filter, { skip: 0, take: 5 });
    expect(table.total).toBe(pool?.counts.inUse);
    expect(table.rows).toHaveLength(5);
    expect(table.rows.map(({ ordinal }) => cells[ordinal])).toEqual(Array(5).fill('inUse'));
  });

  test('a server and a card tell who has them, and the readings of that holder alone', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 16, topology: 'whole-servers', durationSeconds: 7_200 });
    const [serverId = ''] = await serversOf(org, id);
    await runTo(market, plusSeconds(now, 120));
    const server = present(await findServer(await ops(), serverId), 'server');
    expect(server.counts).toMatchObject({ cards: 16, inUse: 16 });
    expect(server.cards.map(({ slot }) => slot)).toEqual([...Array(16).keys()]);
    expect(server.cards[0]?.holder).toMatchObject({ reservationId: id, isRunning: true, organisationName: 'Test' });
    const card = present(await findCard(await ops(), server.cards[3]?.id ?? ''), 'card');
    expect(card.allocations[0]).toMatchObject({ reservationId: id, state: 'running' });
    expect(card.outages).toEqual([]);
    expect(card.ancestors.at(-1)?.id).toBe(serverId);
    expect(await findSlot(await ops(), serverId, 3)).toBe(card.id);
    await runTo(market, plusSeconds(now, 7_300));
    expect(await findCard(await ops(), card.id)).toMatchObject({ holder: null, reading: null });
  });

  test('what is not there is null', async () => {
    const ctx = await ops();
    expect(await findPlaceView(ctx, 'plc_none')).toBeNull();
    expect(await findServer(ctx, 'plc_sg-p01')).toBeNull();
    expect(await findCard(ctx, 'crd_none')).toBeNull();
    expect(await previewAct(ctx, 'cordon', { kind: 'cards', ids: ['crd_none'] })).toBeNull();
  });

  test('things are found by id, uuid, serial and the end of their path', async () => {
    const card = present(await findCard(await ops(), 'crd_sg-p01-s01-n1-c00'), 'card');
    const first = async (text: string) => (await search(await ops(), text))[0];
    for (const text of [card.id, card.uuid, card.uuid.slice(0, 20).toUpperCase(), card.serial])
      expect((await search(await ops(), text)).map(({ id }) => id)).toContain(card.id);
    expect(await first('p01/s02/n1')).toMatchObject({ kind: 'place', id: 'nod_sg-p01-s02-n1' });
    expect(await first(FIRST_SERVER)).toMatchObject({ kind: 'place', level: 'server' });
    expect(await search(await ops(), "'; drop table card")).toEqual([]);
    expect(await search(await ops(), 'x')).toEqual([]);
  });
});

describe('a cordon', () => {
  test('says what it touches; running cards stay, the next reservation goes elsewhere, and back', async () => {
    const { org, now } = await setup();
    const running = await booked(org, { cards: 2, topology: 'same-server', durationSeconds: 3_600 });
    const [serverId = ''] = await serversOf(org, running);
    const startAt = instant(Math.ceil((now + DAY_MS) / HOUR_MS) * HOUR_MS);
    const planned = await booked(org, { cards: 128, topology: 'any', startAt });
    const target = { kind: 'place', id: serverId } as const;
    const preview = present(await previewAct(await ops(), 'cordon', target), 'preview');
    expect(preview).toMatchObject({ cards: 16, verdicts: { applies: 16, done: 0 }, poolId: market.poolId });
    expect(preview.touched.map(({ reservationId, touch, cards }) => [reservationId, touch, cards])).toEqual([
      [running, 'running', 2],
      [planned, 'planned', 16],
    ]);
    await during(market, cancel(await customerOf(org), { reservationId: planned, idempotencyKey: planned }));
    expect(await act('cordon', target)).toMatchObject({ ok: true, value: { cards: 16 } });
    const server = present(await findServer(await ops(), serverId), 'server');
    expect(server.counts).toMatchObject({ inUse: 2, cordoned: 14 });
    const other = await booked(org, { cards: 2, topology: 'same-server', durationSeconds: 3_600 });
    expect(await serversOf(org, other)).not.toContain(serverId);
    expect(await serversOf(org, running)).toEqual([serverId]);
    const card = present(await findCard(await ops(), server.cards[0]?.id ?? ''), 'card');
    expect(card.outages[0]).toMatchObject({ kind: 'cordoned', reason: 'fan noise', actor: 'Ops', endAt: null });
    expect(await act('uncordon', target)).toMatchObject({ ok: true });
    expect((await findServer(await ops(), serverId))?.counts.cordoned).toBe(0);
    expect((await findCard(await ops(), card.id))?.outages[0]?.endAt).not.toBeNull();
  });

  test('of more than a server is confirmed by its count, and never by a slip', async () => {
    await setup();
    const target = { kind: 'place', id: FIRST_SUPERNODE } as const;
    for (const typed of [null, 63, 640])
      expect(await act('cordon', target, typed)).toEqual({
        ok: false,
        refusal: { code: 'countNotConfirmed', cards: 64 },
      });
    expect(await act('cordon', target, 64)).toMatchObject({ ok: true, value: { cards: 64 } });
    expect(await act('uncordon', target, 64)).toMatchObject({ ok: true });
    expect(await act('cordon', { kind: 'cards', ids: ['crd_none'] })).toMatchObject({
      refusal: { code: 'targetUnknown' },
    });
  });
});

test("staff see everybody's reservations with whose they are", async () => {
  const { org, now } = await setup();
  const id = await booked(org, { cards: 1, durationSeconds: 3_600 });
  const all = { states: ['active', 'confirmed', 'ended', 'cancelled'], poolId: null, text: '' } as const;
  const page = { skip: 0, take: 100 };
  const { rows, total } = await listStaffReservations(await ops(), all, page);
  expect(rows).toHaveLength(total);
  expect(rows.find((row) => row.id === id)).toMatchObject({ organisationId: org, state: 'active', startAt: now });
  expect((await listStaffReservations(await ops(), { ...all, text: id }, page)).rows.map((row) => row.id)).toEqual([
    id,
  ]);
  expect(await listStaffReservations(await ops(), { ...all, states: [] }, page)).toEqual({ rows: [], total: 0 });
});

test("the engine's state is what it left in the database", async () => {
  const { now } = await setup();
  const [status] = await listPoolStatus(await ops());
  expect(status).toMatchObject({ poolId: market.poolId, epoch: 1n, isLed: true, pendingCommands: 0, provenUntil: now });
});

test('neither customers nor finance look at the inventory', async () => {
  const { org } = await setup();
  const finance = await staffCtx(await newStaff(['finance']));
  for (const ctx of [await customerOf(org), finance]) {
    await expect(listPools(ctx)).rejects.toThrow(Forbidden);
    await expect(getCardMap(ctx, market.poolId)).rejects.toThrow(Forbidden);
    await expect(listIncidents(ctx, { queue: 'open' }, { skip: 0, take: 1 })).rejects.toThrow(Forbidden);
    await expect(
      listStaffReservations(ctx, { states: [], poolId: null, text: '' }, { skip: 0, take: 1 }),
    ).rejects.toThrow(Forbidden);
    const cordon = {
      target: { kind: 'place', id: FIRST_SERVER },
      act: 'cordon',
      reason: 'x',
      typedCount: null,
    } as const;
    await expect(actOnTarget(ctx, { ...cordon, idempotencyKey: 'no' })).rejects.toThrow(Forbidden);
  }
});
