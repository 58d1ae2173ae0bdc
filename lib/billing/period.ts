import type { Instant } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval, monthOf, nextMonth } from '#lib/core/period.ts';
import type { CloseRefusal, PeriodState } from './types.ts';

/** The state of a month. `kept` is what its row says; without a row, time decides. */
export function periodState(month: Month, kept: 'closing' | 'closed' | null, now: Instant): PeriodState {
  if (kept !== null) return kept;
  return now < monthInterval(month).endAt ? 'open' : 'collecting';
}

/** The months from the first with usage to the one that contains `now`, newest first. */
export function monthsUpTo(first: Month, now: Instant): Month[] {
  const months: Month[] = [];
  for (let month = first; month <= monthOf(now); month = nextMonth(month)) months.unshift(month);
  return months;
}

/** The oldest month before this one that is not closed; null when none is. */
export function earlierOpen(month: Month, first: Month, closed: ReadonlySet<string>): Month | null {
  for (let each = first; each < month; each = nextMonth(each)) if (!closed.has(each)) return each;
  return null;
}

/** Whether time allows a close: the month is over and its collecting window has passed. */
export function checkCloseTime(month: Month, state: PeriodState, now: Instant): CloseRefusal | null {
  if (state === 'closed') return { code: 'monthClosed' };
  const { endAt } = monthInterval(month);
  if (now < endAt) return { code: 'monthNotOver', endsAt: endAt };
  const cutoffAt = monthCutoffAt(month);
  return now < cutoffAt ? { code: 'monthCollecting', cutoffAt } : null;
}

/** What a close consists of, in its order. */
export const CLOSE_STEPS = ['over', 'collected', 'inOrder', 'rated', 'agreed', 'invoiced', 'closed'] as const;
export type CloseStep = (typeof CLOSE_STEPS)[number];
export type StepStatus = 'done' | 'blocked' | 'next' | 'waiting';

const BLOCKED_AT = {
  monthUnknown: 'over',
  monthNotOver: 'over',
  monthCollecting: 'collected',
  earlierMonthOpen: 'inOrder',
  usageIncomplete: 'rated',
  chargedTwice: 'rated',
  booksDiffer: 'agreed',
  monthClosed: null,
} as const satisfies Record<CloseRefusal['code'], CloseStep | null>;

/** Where a month stands on its way to being closed: what is done, the one step that keeps it, what waits behind. */
export function closeSteps(obstacle: CloseRefusal | null): { step: CloseStep; status: StepStatus }[] {
  const current = obstacle === null ? 'invoiced' : BLOCKED_AT[obstacle.code];
  const at = current === null ? CLOSE_STEPS.length : CLOSE_STEPS.indexOf(current);
  return CLOSE_STEPS.map((step, i) => {
    if (i < at) return { step, status: 'done' };
    if (i > at) return { step, status: 'waiting' };
    return { step, status: obstacle === null ? 'next' : 'blocked' };
  });
}
