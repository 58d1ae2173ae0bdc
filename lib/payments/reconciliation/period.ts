import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { monthInterval, monthOf, parseMonth, parseShanghaiDate } from '#lib/core/period.ts';
import type { Difference, DifferenceKind } from './types.ts';

/** A day or a month in Beijing, `2026-11-21` or `2026-11`; null when it is neither. */
export function readPeriod(text: string): ClosedInterval | null {
  const month = parseMonth(text);
  if (month !== null) return monthInterval(month);
  const startAt = parseShanghaiDate(text);
  return startAt === null ? null : { startAt, endAt: instant(startAt + DAY_MS) };
}

/** What is reconciled unless somebody asks for another: the month that runs. */
export const currentPeriod = (now: Instant): string => monthOf(now);

/** What is wrong with a thing that two sources do not have the same. */
export function kindOf({ rowUnits, journalUnits }: Pick<Difference, 'rowUnits' | 'journalUnits'>): DifferenceKind {
  if (journalUnits === null) return 'journalMissing';
  return rowUnits === null ? 'rowMissing' : 'amountDiffers';
}
