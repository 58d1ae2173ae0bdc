import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import {
  book,
  customerOf,
  during,
  newCustomer,
  openTestMarket,
  runTo,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { findAsked, findReservationPage, listReservationCards } from '#lib/reservations/detail.ts';
import { release } from '#lib/reservations/service.ts';
import { writeReadings } from './records.ts';
import { listGrants, listReadings, summarizeReadings } from './service.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const PAGE = { skip: 0, take: 100 };

async function setup(cards = 20) {
  const { org, now } = await newCustomer(market, 10_000n);
  const booked = await book(market, { cards, durationSeconds: 7_200 }, org);
  if (!booked.ok || booked.value.reservationId === null) throw new Error(JSON.stringify(booked));
  await settleDown(market);
  await runTo(market, plusSeconds(now, 60));
  return { org, reservationId: booked.value.reservationId, now: plusSeconds(now, 60) };
}

/** Readings of a reservation's cards, as a round of samples would write them. */
async function sampled(org: Id<'organisation'>, reservationId: string, readings: Record<string, number | null>) {
  const ctx = await customerOf(org);
  const cards = await listReservationCards(ctx, { reservationId }, PAGE);
  const rows = cards.map(({ cardId, serverId }) => ({ cardId, serverId, organisationId: org, readings }));
  await withTx(SYSTEM, (tx) => writeReadings(tx, rows, ctx.now));
  return cards;
}

test('a workload is given device files and an environment on each server', async () => {
  const { org, reservationId } = await setup();
  const { rows, total } = await listGrants(await customerOf(org), { reservationId }, PAGE);
  expect(total).toBe(2);
  expect(rows.map(({ devices }) => devices.some(({ hostPath }) => hostPath.startsWith('/dev/')))).toEqual([true, true]);
  expect(rows.every(({ environment }) => Object.keys(environment).length > 0)).toBe(true);
  expect((await listGrants(await customerOf(org), { reservationId }, { skip: 1, take: 5 })).rows).toHaveLength(1);
});

test('readings are of the cards it has now; what a device does not tell is unknown and not 0', async () => {
  const { org, reservationId } = await setup(4);
  const cards = await sampled(org, reservationId, { utilPct: 50, powerMw: 100_000, tempC: null });
  const cardIds = cards.map(({ cardId }) => cardId);
  const ctx = await customerOf(org);
  const readings = await listReadings(ctx, { reservationId, cardIds });
  expect(readings.get(cardIds[0] ?? '')).toMatchObject({ utilPct: 50, tempC: null, memUsedBytes: null });
  expect(await summarizeReadings(ctx, { reservationId })).toMatchObject({
    cards: 4,
    known: 4,
    utilPctAverage: 50,
    powerMwTotal: 400_000,
    tempCMax: null,
    memUsedBytesTotal: null,
  });
  await withTx(SYSTEM, (tx) => tx.card.updateMany({ where: { id: cardIds[0] ?? '' }, data: { health: 'unknown' } }));
  expect((await listReadings(ctx, { reservationId, cardIds })).size).toBe(3);
  expect(await summarizeReadings(ctx, { reservationId })).toMatchObject({ cards: 4, known: 3, powerMwTotal: 300_000 });
  await withTx(SYSTEM, (tx) => tx.card.updateMany({ data: { health: 'healthy' } }));
  await during(market, release(ctx, { reservationId, idempotencyKey: 'r' }));
  await settleDown(market);
  const after = await customerOf(org);
  expect((await listReadings(after, { reservationId, cardIds })).size).toBe(0);
  expect(await summarizeReadings(after, { reservationId })).toMatchObject({ cards: 0, known: 0, utilPctAverage: null });
});

test('cards are paged and counted', async () => {
  const { org, reservationId } = await setup();
  const ctx = await customerOf(org);
  const page = await findReservationPage(ctx, reservationId);
  expect(page).toMatchObject({
    reservation: { state: 'active' },
    counts: { allocations: 20, held: 20, servers: 2, unwell: 0 },
  });
  expect(page?.events.rows.map(({ kind }) => kind)).toEqual(['started', 'cardsBound', 'reserved']);
  expect(await listReservationCards(ctx, { reservationId }, { skip: 15, take: 10 })).toHaveLength(5);
});

test('others see no card, no grant and no reading', async () => {
  const { org, reservationId } = await setup(2);
  const cards = await sampled(org, reservationId, { utilPct: 5 });
  const stranger = await customerOf((await setup(2)).org);
  expect(await findReservationPage(stranger, reservationId)).toBeNull();
  expect(await listReservationCards(stranger, { reservationId }, PAGE)).toEqual([]);
  expect(await listGrants(stranger, { reservationId }, PAGE)).toEqual({ rows: [], total: 0 });
  const cardIds = cards.map(({ cardId }) => cardId);
  expect((await listReadings(stranger, { reservationId, cardIds })).size).toBe(0);
  expect(await findAsked(stranger, reservationId)).toBeNull();
});

test('a request that was refused is remembered with its reason', async () => {
  const { org } = await newCustomer(market, 1n);
  const result = await book(market, { cards: 3 }, org);
  expect(result).toMatchObject({ refusal: { code: 'fundsInsufficient' } });
  const [command] = await withTx(SYSTEM, (tx) =>
    tx.command.findMany({ where: { organisationId: org }, select: { payload: true } }),
  );
  const { reservationId } = (command?.payload ?? {}) as { reservationId: string };
  const ctx = await customerOf(org);
  expect(await findReservationPage(ctx, reservationId)).toBeNull();
  expect(await findAsked(ctx, reservationId)).toMatchObject({ cards: 3, refusal: { code: 'fundsInsufficient' } });
  expect(await findAsked(ctx, 'rsv_none')).toBeNull();
});
