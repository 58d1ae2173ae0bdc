import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { parsePrice, priceE10 } from '#lib/core/money.ts';
import { cardCharge, dearestStart, quoteLines, termPrice } from './price.ts';
import type { Image, PriceVersion, Sku, Wish } from './types.ts';
import { checkWish } from './wish.ts';

const T0 = instant(Date.UTC(2026, 10, 21, 6)); // 14:00 in Shanghai
const flat: PriceVersion = {
  id: 'prv_a' as Id<'priceVersion'>,
  skuId: 'sku_a' as Id<'sku'>,
  validFrom: T0,
  priceE10PerCardHour: parsePrice('12.5') ?? priceE10(0n),
  returnShareBps: 5_000,
  bands: [],
  terms: [{ term: 'week', termSeconds: 604_800, factorBps: 8_000 }],
};
const banded: PriceVersion = { ...flat, bands: [{ fromHour: 0, toHour: 8, factorBps: 6_000 }] };

describe('by the hour', () => {
  test('two hours at 12.50 yuan are 25 yuan', () => {
    expect(cardCharge(flat, { startAt: T0, endAt: plusSeconds(T0, 7_200) })).toBe(25_00000000n);
  });

  test('a night band is the hours of the day in Shanghai', () => {
    const lines = quoteLines(banded, { startAt: instant(T0 + 9 * HOUR_MS), endAt: instant(T0 + 11 * HOUR_MS) }); // 23:00 to 01:00
    expect(lines).toEqual([
      { seconds: 3_600, factorBps: 10_000, amountUnits: 12_50000000n },
      { seconds: 3_600, factorBps: 6_000, amountUnits: 7_50000000n },
    ]);
  });

  test('the lines sum to the charge', () => {
    fc.assert(
      fc.property(
        fc.nat(DAY_MS / 1_000),
        fc.integer({ min: 1, max: 900_000 }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (lead, seconds, price) => {
          const version = { ...banded, priceE10PerCardHour: priceE10(price) };
          const interval = { startAt: plusSeconds(T0, lead), endAt: plusSeconds(T0, lead + seconds) };
          const sum = quoteLines(version, interval).reduce((total, line) => total + line.amountUnits, 0n);
          expect(sum).toBe(cardCharge(version, interval));
        },
      ),
    );
  });

  test('the dearest start within the validity is at least as dear as any start', () => {
    fc.assert(
      fc.property(fc.nat(DAY_MS / 1_000), fc.integer({ min: 1, max: 100_000 }), fc.nat(600), (lead, seconds, delay) => {
        const from = plusSeconds(T0, lead);
        const cost = (startAt: Instant): bigint =>
          cardCharge(banded, { startAt, endAt: plusSeconds(startAt, seconds) });
        const dearest = dearestStart(banded, from, 600, seconds);
        expect(dearest >= from && dearest <= plusSeconds(from, 600)).toBe(true);
        expect(cost(dearest) >= cost(plusSeconds(from, delay))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test('a week by the card is 168 hours at its factor', () => {
  const [week] = flat.terms;
  expect(week && termPrice(flat, week)).toBe(1_680_00000000n);
});

describe('wishes', () => {
  const sku: Sku = {
    id: 'sku_a' as Id<'sku'>,
    poolId: 'pol_a' as Id<'pool'>,
    siteId: 'sit_a' as Id<'site'>,
    siteName: { zh: '韶关', en: 'Shaoguan' },
    purchase: 'by-hour',
    tiers: [],
    taxRateBps: 600,
    model: {
      id: 'zw810e',
      vendor: 'T-Head',
      name: 'Zhenwu 810E',
      arch: 'ppu001',
      memoryMib: 98_304,
      icnGbPerSec: 700,
      powerWatts: 400,
    },
    shape: { poolId: 'pol_a' as Id<'pool'>, totalCards: 10_000, cardsPerServer: 16, cardsPerSupernode: 64 },
    price: flat,
  };
  const images: Image[] = [{ id: 'img_m' as Id<'image'>, name: 'm890', version: '1', sdk: '2.2', archs: ['ppu0015'] }];
  const wish: Wish = {
    skuId: 'sku_a',
    cards: 8,
    topology: 'any',
    startAt: null,
    durationSeconds: 10_800,
    term: null,
    imageId: null,
  };
  const refusal = (change: Partial<Wish>, of: Sku | null = sku): string | null => {
    const result = checkWish({ ...wish, ...change }, of, images, T0);
    return result.ok ? null : result.refusal.code;
  };

  test.each<[string, Partial<Wish>, string | null]>([
    ['a plain one', {}, null],
    ['the whole fleet', { cards: 10_000 }, null],
    ['no cards', { cards: 0 }, 'cardsOutOfRange'],
    ['negative cards', { cards: -1 }, 'cardsOutOfRange'],
    ['a fraction of a card', { cards: 1.5 }, 'cardsOutOfRange'],
    ['too many cards', { cards: 10_001 }, 'cardsOutOfRange'],
    ['no number', { cards: Number.NaN }, 'cardsOutOfRange'],
    ['the past', { startAt: T0 - HOUR_MS }, 'startInPast'],
    ['this moment as a date', { startAt: T0 }, 'startInPast'],
    ['half past', { startAt: T0 + HOUR_MS / 2 }, 'startNotOnHour'],
    ['beyond the horizon', { startAt: T0 + 91 * DAY_MS }, 'startBeyondHorizon'],
    ['an end beyond the horizon', { startAt: T0 + 90 * DAY_MS, durationSeconds: 3_600 }, 'endBeyondHorizon'],
    ['for ever', { durationSeconds: 1e15 }, 'endBeyondHorizon'],
    ['no time', { durationSeconds: 0 }, 'durationOutOfRange'],
    ['a fraction of a second', { durationSeconds: 1.5 }, 'durationOutOfRange'],
    ['an open end', { durationSeconds: null }, null],
    ['17 cards in a server of 16', { cards: 17, topology: 'same-server' }, 'topologyTooSmall'],
    ['65 cards in a supernode of 64', { cards: 65, topology: 'same-supernode' }, 'topologyTooSmall'],
    ['half a supernode whole', { cards: 32, topology: 'whole-supernodes' }, 'notWholeSupernodes'],
    ['segments that lie anywhere', { cards: 32, gang: { segmentCards: 8, preferred: null } }, 'segmentsImpossible'],
    [
      'segments larger than a server',
      { cards: 64, topology: 'same-server', gang: { segmentCards: 32, preferred: null } },
      'segmentsImpossible',
    ],
    [
      'cards that segments do not make up',
      { cards: 20, topology: 'same-server', gang: { segmentCards: 8, preferred: null } },
      'segmentsImpossible',
    ],
    [
      'segments of no cards',
      { cards: 16, topology: 'same-server', gang: { segmentCards: 0, preferred: null } },
      'segmentsImpossible',
    ],
    [
      'half a card in a segment',
      { cards: 16, topology: 'same-server', gang: { segmentCards: 0.5, preferred: null } },
      'segmentsImpossible',
    ],
    ['half a server whole', { cards: 24, topology: 'whole-servers' }, 'notWholeServers'],
    ['an unknown image', { imageId: 'img_x' }, 'imageUnknown'],
    ['an image of another architecture', { imageId: 'img_m' }, 'imageIncompatible'],
  ])('%s', (_, change, code) => {
    expect(refusal(change)).toBe(code);
  });

  test('what is not sold has no price', () => {
    expect(refusal({}, null)).toBe('skuUnknown');
    expect(refusal({}, { ...sku, price: null })).toBe('skuUnknown');
  });

  test('by the card needs a term that is sold', () => {
    const byCard: Sku = { ...sku, purchase: 'by-card' };
    expect(refusal({ term: 'month' }, byCard)).toBe('termUnknown');
    expect(refusal({ term: null }, byCard)).toBe('termUnknown');
    expect(refusal({ term: 'week' }, byCard)).toBeNull();
  });
});
