import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { instant, plusSeconds, toIso } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { nameSources } from './sources.ts';
import { findHourCards, findMonthUsage, findReservationHours, listUsageMonths } from './usage.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const other = await seedCustomer(1_000n, market.startAt);
await book(market, { cards: 3, durationSeconds: 5_000 });
await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
await book(market, { cards: 1, durationSeconds: 700 }, other);
await runTo(market, plusSeconds(market.startAt, 30 * 3_600));
const [own, stranger] = [await customerOf(market.organisationId), await customerOf(other)];
const ALL = { skip: 0, take: 100 };

const charged = async () =>
  withTx(SYSTEM, async (tx) => {
    const sums = await tx.usageCharge.aggregate({
      where: { organisationId: market.organisationId },
      _sum: { amountUnits: true, usedSeconds: true },
    });
    return sums._sum;
  });

const month = present(await findMonthUsage(own, '2026-11', ALL), 'the month');
const byHour = present(
  month.rows.find(({ purchase }) => purchase === 'by-hour'),
  'the reservation by the hour',
);

describe('the usage of a month', () => {
  test('sums to the charges, by reservation and in total, on every page', async () => {
    expect(month.totals).toMatchObject({ amountUnits: (await charged()).amountUnits });
    expect(sumUnits(month.rows.map(({ amountUnits }) => amountUnits))).toBe(month.totals.amountUnits);
    expect(month.total).toBe(2);
    const second = present(await findMonthUsage(own, '2026-11', { skip: 1, take: 1 }), 'the second page');
    expect(second.totals).toEqual(month.totals);
    expect(second.rows).toEqual(month.rows.slice(1));
  });

  test('names what was bought', () => {
    expect(byHour).toMatchObject({
      cards: 3,
      model: '真武 810E',
      usedSeconds: 15_000n,
      downSeconds: 0n,
      reservationName: 'test',
    });
  });

  test('is the own one, of a month that is one', async () => {
    expect((await findMonthUsage(stranger, '2026-11', ALL))?.rows.map(({ usedSeconds }) => usedSeconds)).toEqual([
      700n,
    ]);
    expect((await findMonthUsage(own, '2026-10', ALL))?.rows).toEqual([]);
    for (const text of ['', '2026-13', '2026']) expect(await findMonthUsage(own, text, ALL)).toBeNull();
    expect(await listUsageMonths(own)).toEqual(['2026-11']);
  });
});

describe('the hours of a reservation', () => {
  test('sum to the reservation, newest first', async () => {
    const found = present(
      await findReservationHours(own, { reservationId: byHour.reservationId, month: '2026-11' }, ALL),
      'hours',
    );
    expect(found.hours.map(({ usedSeconds, cards }) => [usedSeconds, cards])).toEqual([
      [4_200n, 3],
      [10_800n, 3],
    ]);
    expect(sumUnits(found.hours.map(({ amountUnits }) => amountUnits))).toBe(byHour.amountUnits);
    expect(found.totals.amountUnits).toBe(byHour.amountUnits);
    expect(await findReservationHours(own, { reservationId: byHour.reservationId, month: null }, ALL)).toEqual(found);
  });

  test('are cards, each with its place and its charge to date', async () => {
    const hour = toIso(instant(market.startAt + 3_600_000));
    const found = present(await findHourCards(own, { reservationId: byHour.reservationId, hour }, ALL), 'cards');
    expect(found.cards).toHaveLength(3);
    for (const card of found.cards) {
      expect(card).toMatchObject({ usedSeconds: 1_400, bandBps: 10_000, place: 'p01/s01/n1' });
      expect(card.chargedToDateUnits).toBe((5_000n * 12n * 100_000_000n) / 3_600n);
    }
  });

  test('of others do not exist, nor hours that are none', async () => {
    const reservationId = byHour.reservationId;
    expect(await findReservationHours(stranger, { reservationId, month: null }, ALL)).toBeNull();
    expect(await findHourCards(stranger, { reservationId, hour: toIso(market.startAt) }, ALL)).toBeNull();
    for (const hour of ['', 'x', toIso(instant(market.startAt + 1)), '2026-01-01T00:00:00Z'])
      expect(await findHourCards(own, { reservationId, hour }, ALL), hour).toBeNull();
  });
});

test('names are given to own things alone', async () => {
  const ids = { reservationIds: [byHour.reservationId, 'rsv_x'], invoiceIds: ['inv_x'] };
  expect((await nameSources(own, ids)).reservations).toEqual(new Map([[byHour.reservationId, 'test']]));
  expect((await nameSources(stranger, ids)).reservations.size).toBe(0);
});
