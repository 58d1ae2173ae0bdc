import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardCharge } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { cheapestOf, costsOnHours, earliestOnHours, type RoomWish, startAtInstant, startsOnHours } from './calendar.ts';

const T0 = instant(Date.UTC(2026, 10, 22, 10));
const at = (hours: number) => instant(T0 + hours * HOUR_MS);

const hoursOf = (...free: number[]) =>
  free.map((freeCards, i) => ({
    hourAt: at(i),
    freeCards,
    freeServers: Math.floor(freeCards / 20),
    freeSupernodes: Math.floor(freeCards / 70),
    largestOnServer: Math.min(freeCards, 16),
    largestOnSupernode: Math.min(freeCards, 64),
  }));

const wish = (over: Partial<RoomWish>): RoomWish => ({
  cards: 8,
  topology: 'any',
  cardsPerServer: 16,
  cardsPerSupernode: 64,
  durationSeconds: 3_600,
  ...over,
});

const PRICE: PriceVersion = {
  id: 'prv_x' as Id<'priceVersion'>,
  skuId: 'sku_x' as Id<'sku'>,
  validFrom: at(-24),
  priceE10PerCardHour: priceE10(125_000_000_001n),
  returnShareBps: 5_000,
  bands: [{ fromHour: 0, toHour: 8, factorBps: 7_000 }],
  terms: [],
};

test('a start has the room of its tightest hour', () => {
  const hours = hoursOf(100, 40, 7, 50);
  const option = (index: number, seconds: number) =>
    startAtInstant(hours, wish({ durationSeconds: seconds }), at(index));
  expect(option(0, 3_600)).toEqual({ startAt: at(0), freeCards: 100, isPossible: true });
  expect(option(0, 7_200)).toMatchObject({ freeCards: 40, isPossible: true });
  expect(option(0, 7_201)).toMatchObject({ freeCards: 7, isPossible: false });
  expect(option(3, 3_600)).toMatchObject({ freeCards: 50, isPossible: true });
});

test('a start within an hour touches the hour it ends in', () => {
  const hours = hoursOf(100, 3);
  expect(startAtInstant(hours, wish({}), plusSeconds(T0, 1)).isPossible).toBe(false);
  expect(startAtInstant(hours, wish({ durationSeconds: 3_599 }), plusSeconds(T0, 1)).isPossible).toBe(true);
});

test('without an end all hours to come count; beyond the table nothing is possible', () => {
  const hours = hoursOf(100, 100, 7, 100);
  expect(startAtInstant(hours, wish({ durationSeconds: null }), at(0)).isPossible).toBe(false);
  expect(startAtInstant(hours, wish({ durationSeconds: null }), at(3)).isPossible).toBe(true);
  expect(startAtInstant(hours, wish({ durationSeconds: 7_200 }), at(3)).isPossible).toBe(false);
  expect(startAtInstant(hours, wish({}), at(9))).toMatchObject({ freeCards: 0, isPossible: false });
  expect(startAtInstant(hours, wish({}), at(-1)).isPossible).toBe(false);
  expect(startAtInstant([], wish({}), T0)).toMatchObject({ freeCards: 0, isPossible: false });
});

test('closeness bounds the room', () => {
  const hours = hoursOf(100);
  const free = (topology: RoomWish['topology']) => startAtInstant(hours, wish({ topology }), T0).freeCards;
  expect(TOPOLOGIES.map(free)).toEqual([100, 16, 64, 80, 64]);
});

test('the earliest and the cheapest start are found', () => {
  const hours = hoursOf(1, 1, 50, 50, 50, 50, 50, 50, 50, 50);
  expect(earliestOnHours(hours, wish({}), T0)?.startAt).toBe(at(2));
  expect(earliestOnHours(hours, wish({}), at(4))?.startAt).toBe(at(4));
  expect(earliestOnHours(hours, wish({ cards: 51 }), T0)).toBeNull();
  // T0 is 18:00 in Shanghai, so the night band begins after six hours.
  const starts = startsOnHours(hours, wish({ durationSeconds: 7_200 }), T0, 10);
  const costs = costsOnHours(PRICE, T0, 10, 7_200);
  expect(cheapestOf(starts, costs)?.startAt).toBe(at(6));
  expect(cheapestOf(startsOnHours(hours, wish({ cards: 99 }), T0, 10), costs)).toBeNull();
});

test('sums over hours are the charge itself, whatever the length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 400_000 }), (hour, seconds) => {
      const costs = costsOnHours(PRICE, at(hour), 3, seconds);
      expect(costs).toEqual(
        [0, 1, 2].map((i) => {
          const startAt = at(hour + i);
          return cardCharge(PRICE, { startAt, endAt: plusSeconds(startAt, seconds) });
        }),
      );
    }),
  );
});
