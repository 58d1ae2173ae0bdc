import { invariant } from '#lib/core/assert.ts';
import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import { sumUnits, type Units, units } from '#lib/core/money.ts';
import { parseShanghaiDate, shanghaiDateOf } from '#lib/core/period.ts';
import { type AgeBand, AGE_BANDS, type ByBand, DUE_DAYS_DEFAULT, type OpenItem, type Owed } from './types.ts';

/** The midnight in Beijing that begins the last day to pay. */
export function dueAtOf(issuedAt: Instant, days: number): Instant {
  const issuedOn = parseShanghaiDate(shanghaiDateOf(issuedAt));
  invariant(issuedOn !== null, 'an instant has a date');
  return instant(issuedOn + days * DAY_MS);
}

/** The days that counted for an invoice: what was set last before its issue. `terms` in order of time. */
export function dueDaysAt(terms: readonly { readonly days: number; readonly setAt: Instant }[], at: Instant): number {
  return terms.findLast(({ setAt }) => setAt <= at)?.days ?? DUE_DAYS_DEFAULT;
}

/** How many days late something is: 0 on its last day, 1 on the day after. */
function daysLate(dueAt: Instant | null, now: Instant): number {
  if (dueAt === null || now < dueAt + DAY_MS) return 0;
  return Math.floor((now - dueAt) / DAY_MS);
}

function bandOf(days: number): AgeBand {
  if (days === 0) return 'notDue';
  if (days <= 30) return 'days1To30';
  if (days <= 60) return 'days31To60';
  return days <= 90 ? 'days61To90' : 'over90';
}

/**
 * What is open of what was owed: receipts pay the oldest month first. They never come to more than was owed, because
 * nobody owes less than nothing.
 */
export function openItems(owed: readonly Owed[], receivedUnits: Units, now: Instant): OpenItem[] {
  let left: bigint = receivedUnits;
  const items = owed
    .toSorted((a, b) => (a.month < b.month ? -1 : 1))
    .map((item): OpenItem => {
      const paid = left < item.amountUnits ? left : item.amountUnits;
      left -= paid;
      const late = daysLate(item.dueAt, now);
      return { ...item, leftUnits: units(item.amountUnits - paid), band: bandOf(late), daysLate: late };
    });
  invariant(left === 0n, 'no more was received on account than was owed');
  return items.filter(({ leftUnits }) => leftUnits > 0n);
}

/** What is open by how late it is. */
export function byBandOf(items: readonly Pick<OpenItem, 'band' | 'leftUnits'>[]): ByBand {
  const sumOf = (band: AgeBand): Units =>
    sumUnits(items.filter((item) => item.band === band).map(({ leftUnits }) => leftUnits));
  const [notDue, days1To30, days31To60, days61To90, over90] = AGE_BANDS.map(sumOf);
  const none = units(0n);
  return {
    notDue: notDue ?? none,
    days1To30: days1To30 ?? none,
    days31To60: days31To60 ?? none,
    days61To90: days61To90 ?? none,
    over90: over90 ?? none,
  };
}
