import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { waysOn } from './alternatives.ts';
import { bookingHref, DEFAULT_QUERY, parseBookingQuery, queryOf, startOf, wishOf } from './booking-query.ts';

const START = instant(Date.UTC(2026, 10, 24, 6));

describe('the address of the booking page', () => {
  test('holds the whole state, and what is not said is the default', () => {
    expect(parseBookingQuery({})).toEqual(DEFAULT_QUERY);
    const query = { ...DEFAULT_QUERY, cards: '16', when: 'later', day: '2026-11-24', hour: '14' } as const;
    const href = bookingHref('moban', query);
    expect(href).toBe('/console/moban/book?cards=16&when=later&day=2026-11-24&hour=14');
    expect(parseBookingQuery(Object.fromEntries(new URL(href, 'http://x').searchParams))).toEqual(query);
    expect(bookingHref('moban', {})).toBe('/console/moban/book');
  });

  test('takes nonsense for the default, keeps what was typed, and lets a button win over the field', () => {
    const query = parseBookingQuery({ way: 'by-moon', cards: ['3', ' 16 '], hours: 'two', topology: ['', 'any'] });
    expect(query).toMatchObject({ way: 'by-hour', cards: '16', hours: 'two', topology: 'any' });
    expect(wishOf(query, 'sku').durationSeconds).toBeNaN();
  });

  test('stands for a wish, and a wish for it', () => {
    const query = { ...DEFAULT_QUERY, pool: 'pol', when: 'later', day: '2026-11-24', hour: '14' } as const;
    expect(startOf(query)).toBe(START);
    const wish = wishOf(query, 'sku');
    expect(wish).toEqual({
      skuId: 'sku',
      cards: 8,
      topology: 'any',
      startAt: START,
      durationSeconds: 10_800,
      term: null,
      imageId: null,
    });
    expect(queryOf(wish, 'pol')).toEqual(query);
    const term = { ...DEFAULT_QUERY, pool: 'pol', way: 'by-card', term: 'week' } as const;
    expect(wishOf(term, 'sku')).toMatchObject({ durationSeconds: null, term: 'week', startAt: null });
    expect(queryOf(wishOf(term, 'sku'), 'pol')).toEqual(term);
    const open = { ...DEFAULT_QUERY, pool: 'pol', end: 'open' } as const;
    expect(queryOf(wishOf(open, 'sku'), 'pol')).toEqual(open);
  });

  test.each(['-1', '1.5', '1e3', '', 'eight', '9'.repeat(30)])('%j cards are not a number of cards', (cards) => {
    expect(wishOf({ ...DEFAULT_QUERY, cards }, 'sku').cards).toBeNaN();
  });

  test.each([
    { day: '2026-02-30', hour: '1' },
    { day: '2026-11-24', hour: '24' },
    { day: '', hour: '' },
  ])('$day $hour is no start', (start) => {
    expect(startOf(start)).toBeNull();
    expect(wishOf({ ...DEFAULT_QUERY, when: 'later', ...start }, 'sku').startAt).toBe(0);
  });
});

describe('ways on from a refusal', () => {
  const query = { ...DEFAULT_QUERY, cards: '40', topology: 'same-server' } as const;

  test('the earliest start is the next full hour that the form can take, fewer cards beside it', () => {
    const earliestStartAt = START - HOUR_MS + 1_000;
    const found = waysOn({ code: 'capacityExhausted', needed: 40, free: 3, earliestStartAt }, query);
    expect(found).toEqual([
      { kind: 'startAt', startAt: START, query: { ...query, when: 'later', day: '2026-11-24', hour: '14' } },
      { kind: 'cards', cards: 3, query: { ...query, cards: '3' } },
    ]);
    expect(waysOn({ code: 'capacityExhausted', needed: 40, free: 0, earliestStartAt: null }, query)).toEqual([]);
  });

  test('a topology that is too small can be widened; servers are filled up', () => {
    expect(waysOn({ code: 'topologyTooSmall', cardsMax: 16 }, query).map(({ kind }) => kind)).toEqual([
      'anyTopology',
      'cards',
    ]);
    expect(waysOn({ code: 'notWholeServers', cardsPerServer: 16 }, query)[0]).toMatchObject({ cards: 48 });
  });

  test('money and expired quotes have their own ways; what only the person knows has none', () => {
    expect(waysOn({ code: 'fundsInsufficient', neededUnits: '2', availableUnits: '1' }, query)).toEqual([
      { kind: 'topUp' },
    ]);
    expect(waysOn({ code: 'quoteExpired' }, query)).toEqual([{ kind: 'askAgain', query }]);
    expect(waysOn({ code: 'durationOutOfRange' }, query)).toEqual([]);
  });
});
