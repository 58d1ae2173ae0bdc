import { describe, expect, test } from 'vitest';
import { floorToHour, floorToSecond, type Instant, parseInstant, toIso } from './instant.ts';
import { overlaps, splitByHour } from './interval.ts';
import {
  monthCutoffAt,
  monthInterval,
  monthOf,
  nextMonth,
  parseMonth,
  parseShanghaiDate,
  shanghaiHourOf,
} from './period.ts';

const at = (text: string): Instant => parseInstant(text) ?? (Number.NaN as Instant);

describe('instants', () => {
  test.each(['2026-11-21', '2026-11-21T06:00', '2026-13-01T00:00Z', '2026-11-21T06:00:00.1234Z', 'now', ''])(
    '%j is not an instant',
    (text) => expect(parseInstant(text)).toBeNull(),
  );

  test('a zone is read, UTC is written', () =>
    expect(toIso(at('2026-11-21T14:00+08:00'))).toBe('2026-11-21T06:00:00.000Z'));

  test('floors go down before 1970 too', () => {
    expect(floorToSecond(at('1969-12-31T23:59:58.500Z'))).toBe(-2_000);
    expect(toIso(floorToHour(at('2026-11-21T06:59:59.999Z')))).toBe('2026-11-21T06:00:00.000Z');
  });
});

describe('intervals', () => {
  const a = { startAt: at('2026-11-21T06:00Z'), endAt: at('2026-11-21T08:00Z') };

  test('touching intervals do not overlap', () => {
    expect(overlaps(a, { startAt: a.endAt, endAt: null })).toBe(false);
    expect(overlaps(a, { startAt: at('2026-11-21T07:59:59.999Z'), endAt: null })).toBe(true);
  });

  test('hours split without a gap', () => {
    const parts = [...splitByHour({ startAt: at('2026-11-21T06:30:05Z'), endAt: at('2026-11-21T08:00:00Z') })];
    expect(parts.map((p) => [toIso(p.hourAt), (p.part.endAt - p.part.startAt) / 1_000])).toEqual([
      ['2026-11-21T06:00:00.000Z', 1_795],
      ['2026-11-21T07:00:00.000Z', 3_600],
    ]);
  });
});

describe('Shanghai months', () => {
  test('November begins at 16:00 UTC of the last day of October', () => {
    const november = parseMonth('2026-11');
    expect(november && toIso(monthInterval(november).startAt)).toBe('2026-10-31T16:00:00.000Z');
    expect(november && toIso(monthInterval(november).endAt)).toBe('2026-11-30T16:00:00.000Z');
    expect(november && toIso(monthCutoffAt(november))).toBe('2026-12-02T04:00:00.000Z');
  });

  test('the edge belongs to the next month', () => {
    expect(monthOf(at('2026-11-30T15:59:59.999Z'))).toBe('2026-11');
    expect(monthOf(at('2026-11-30T16:00:00Z'))).toBe('2026-12');
  });

  test('December is followed by January', () => {
    const december = parseMonth('2026-12');
    expect(december && nextMonth(december)).toBe('2027-01');
    expect(parseMonth('2026-13')).toBeNull();
  });

  test('the hour of day is Beijing time', () => expect(shanghaiHourOf(at('2026-11-21T16:00:00Z'))).toBe(0));

  test('dates of the calendar only', () => {
    expect(parseShanghaiDate('2026-02-29')).toBeNull();
    expect(parseShanghaiDate('2026-11-01')).toBe(at('2026-10-31T16:00:00Z'));
  });
});
