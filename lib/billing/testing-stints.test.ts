import { expect, test } from 'vitest';
import { secondsBetween } from '#lib/core/instant.ts';
import { drawUptime, planYear, YEAR_AT } from './testing-stints.ts';

const WISH = { cards: 10_000, days: 366, seed: 1 };
const stints = planYear(WISH);

test('a year of a fleet is drawn from its seed: the same each time', () => {
  expect(planYear(WISH)).toEqual(stints);
  expect(planYear({ ...WISH, seed: 2 })).not.toEqual(stints);
});

test('150 to 300 reservations share ten thousand cards at any time, and no card is given away twice at once', () => {
  for (const day of [5, 100, 200, 360]) {
    const at = YEAR_AT + day * 86_400_000;
    const now = stints.filter(({ startAt, endAt }) => startAt <= at && at < endAt);
    expect(now.length).toBeGreaterThan(120);
    expect(now.length).toBeLessThanOrEqual(300);
    const cards = now.flatMap(({ firstCard, cards: count }) => Array.from({ length: count }, (_, i) => firstCard + i));
    expect(new Set(cards).size).toBe(cards.length);
    expect(cards.length).toBeGreaterThan(9_000);
    expect(now.filter(({ purchase }) => purchase === 'by-card').length).toBeGreaterThan(20);
  }
});

test('a card is up within its stint, and down for about half a percent of it', () => {
  let [seconds, up] = [0, 0];
  for (const stint of stints.slice(0, 300)) {
    seconds += secondsBetween(stint.startAt, stint.endAt);
    let last = stint.startAt;
    for (const { startAt, endAt } of drawUptime(1, stint, 0)) {
      expect(startAt).toBeGreaterThanOrEqual(last);
      expect(endAt).toBeLessThanOrEqual(stint.endAt);
      up += secondsBetween(startAt, endAt);
      last = endAt;
    }
  }
  expect(up / seconds).toBeGreaterThan(0.98);
  expect(up).toBeLessThan(seconds);
});
