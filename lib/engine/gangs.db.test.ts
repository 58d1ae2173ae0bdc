import { expect, test } from 'vitest';
import type { Wish } from '#lib/catalog/types.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import { book, customerOf, detailOf, killEngine, newCustomer, openTestMarket, runTo } from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(128, 0n);

async function booked(wish: Partial<Wish>) {
  const { org, now } = await newCustomer(market);
  const startAt = instant(Math.ceil((now + 2 * HOUR_MS) / HOUR_MS) * HOUR_MS);
  const answer = await book(market, { startAt, ...wish }, org);
  if (!answer.ok || answer.value.reservationId === null) throw new Error(JSON.stringify(answer));
  return { org, startAt, id: answer.value.reservationId };
}

test('what a gang asks for lasts from its quote to its cards, over the death of the engine that promised it', async () => {
  const gang = { segmentCards: 6, preferred: 'supernode' } as const;
  const segments = await booked({ cards: 18, topology: 'same-server', gang });
  const plain = await booked({ cards: 1, startAt: segments.startAt });
  await killEngine(market);
  await runTo(market, segments.startAt);
  const { reservation, allocations } = await detailOf(await customerOf(segments.org), segments.id);
  expect(reservation).toMatchObject({ topology: 'same-server', gang });
  const servers = [...Map.groupBy(allocations, ({ serverId }) => serverId).values()].map((own) => own.length);
  for (const cards of servers) expect(cards % 6).toBe(0);
  const page = await findReservationPage(await customerOf(segments.org), segments.id);
  expect(page?.counts).toMatchObject({ held: 18, servers: servers.length, supernodes: 1 });
  const other = await detailOf(await customerOf(plain.org), plain.id);
  expect(other.reservation.gang).toBeUndefined();
});

test('a supernode of its own is bound whole', async () => {
  const { org, startAt, id } = await booked({ cards: 64, topology: 'whole-supernodes' });
  await runTo(market, startAt);
  const page = await findReservationPage(await customerOf(org), id);
  expect(page?.counts).toMatchObject({ held: 64, servers: 4, supernodes: 1 });
});
