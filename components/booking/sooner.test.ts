import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { type Explanation, NOTHING_BLOCKED, type Sooner } from '#lib/reservations/explanation.ts';
import { DEFAULT_QUERY } from './booking-query.ts';
import { waysFrom } from './sooner.ts';

const START = instant(Date.UTC(2026, 10, 24, 6));
const query = { ...DEFAULT_QUERY, pool: 'pol_a', cards: '40', topology: 'same-server', end: 'open' } as const;
const TERMS = [
  { term: 'day', termSeconds: 86_400 },
  { term: 'week', termSeconds: 604_800 },
] as const;
const why = (sooner: readonly Sooner[], earliestStartAt: Explanation['earliestStartAt'] = null): Explanation => ({
  token: 'capacityExhausted',
  needed: 40,
  numbers: {},
  free: null,
  blocked: NOTHING_BLOCKED,
  earliestStartAt,
  sooner,
});

test('the earliest start comes first, on the next full hour, which the form can take', () => {
  const found = waysFrom(why([], instant(START - HOUR_MS + 1_000)), query, TERMS, START);
  expect(found).toEqual([
    { kind: 'startAt', startAt: START, query: { ...query, when: 'later', day: '2026-11-24', hour: '14' } },
  ]);
});

test('each suggestion is a state of the form that differs in what it changes', () => {
  const startAt = START;
  const sooner: Sooner[] = [
    { change: 'looserTopology', value: 'same-supernode', startAt },
    { change: 'looserTopology', value: 'any', startAt },
    { change: 'fewerCards', value: 12, startAt },
    { change: 'shorter', value: 3 * 3_600, startAt },
  ];
  expect(waysFrom(why(sooner), query, TERMS, START)).toEqual([
    { kind: 'sameSupernode', query: { ...query, topology: 'same-supernode' } },
    { kind: 'anyTopology', query: { ...query, topology: 'any' } },
    { kind: 'cards', cards: 12, query: { ...query, cards: '12' } },
    { kind: 'hours', hours: 3, query: { ...query, end: 'fixed', hours: '3' } },
  ]);
});

test('by the card a shorter length is a shorter term, and none where no term is so long', () => {
  const byCard = { ...query, way: 'by-card', term: 'week' } as const;
  const shorter = (value: number) =>
    waysFrom(why([{ change: 'shorter', value, startAt: START }]), byCard, TERMS, START);
  expect(shorter(86_400)).toEqual([{ kind: 'term', term: 'day', query: { ...byCard, term: 'day' } }]);
  expect(shorter(1)).toEqual([]);
});

test('another pool is taken with its start, and without the image of this one', () => {
  const other = (startAt: typeof START) =>
    waysFrom(why([{ change: 'otherPool', value: 'pol_b', startAt }]), { ...query, image: 'img' }, TERMS, START)[0];
  expect(other(START)?.kind === 'pool' && other(START)).toMatchObject({
    query: { pool: 'pol_b', image: '', when: 'now' },
  });
  expect(other(instant(START + HOUR_MS))).toMatchObject({ query: { when: 'later', hour: '15' } });
});
