import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, instant } from '#lib/core/instant.ts';
import { bookableDays, timeOf, weekdayOf, weekOf } from './week.ts';

// Sunday 2026-11-22, 07:30 in Beijing: still the 21st in UTC.
const NOW = instant(Date.UTC(2026, 10, 21, 23, 30));
const TODAY = instant(Date.UTC(2026, 10, 21, 16));
const query = { week: '', when: 'now', day: '', hour: '' } as const;

test('the first week begins today, whatever day of the week it is', () => {
  const week = weekOf(query, NOW);
  expect(week).toMatchObject({ index: 0, startAt: TODAY, endAt: TODAY + 7 * DAY_MS });
  expect(week.days.map(weekdayOf)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('the week follows the start, unless another is asked for; it stays within the horizon', () => {
  const later = { ...query, when: 'later', day: '2026-12-01', hour: '9' } as const;
  expect(weekOf(later, NOW).index).toBe(1);
  expect(weekOf({ ...later, week: '4' }, NOW).index).toBe(4);
  expect(weekOf({ ...later, when: 'now' }, NOW).index).toBe(0);
  expect(weekOf({ ...query, week: '99' }, NOW).index).toBe(12);
  expect(weekOf({ ...later, day: '2020-01-01' }, NOW).index).toBe(0);
  expect(weekOf({ ...query, week: 'next' }, NOW).index).toBe(0);
});

test('days to choose from reach the horizon; hours know whether they are gone', () => {
  const days = bookableDays(NOW, 90);
  expect([days.length, days[0], days[90]]).toEqual([91, TODAY, TODAY + 90 * DAY_MS]);
  const hour = instant(TODAY + 7 * HOUR_MS);
  expect(timeOf(hour, NOW)).toBe('now');
  expect(timeOf(instant(hour - HOUR_MS), NOW)).toBe('past');
  expect(timeOf(instant(hour + HOUR_MS), NOW)).toBe('future');
});
