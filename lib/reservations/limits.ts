import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { type Units, units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import type { Book } from './book.ts';
import { reservedElsewhere, setAsideElsewhere } from './elsewhere.ts';
import { cardsInUse } from './quota.ts';
import type { Booked } from './types.ts';
import type { ReservationRefusal } from './command-types.ts';

/** Who takes cards and sets money aside: an organisation, or one of its projects for it. */
export type Holder = Pick<Booked, 'organisationId' | 'projectId'>;

/** Whose bound it is. */
export type BoundOf = 'project' | 'organisation';

export type QuotaPassed = { readonly of: BoundOf; readonly quota: number; readonly inUse: number };
export type LimitPassed = { readonly of: BoundOf; readonly limitUnits: Units; readonly committedUnits: Units };

type Bounds = {
  readonly of: BoundOf;
  readonly id: string;
  readonly cardQuota: number | null;
  readonly monthlySpendingLimitUnits: Units | null;
};

/** The project's bounds, where there is one, then its organisation's: the narrower one is the one to name. */
function boundsOf(book: Book, { organisationId, projectId }: Holder): Bounds[] {
  const { cardQuota, monthlySpendingLimitUnits } = present(
    book.limits.get(organisationId),
    'limits of an organisation',
  );
  const own: Bounds = { of: 'organisation', id: organisationId, cardQuota, monthlySpendingLimitUnits };
  if (projectId === null) return [own];
  return [{ of: 'project', ...present(book.projects.get(projectId), `limits of ${projectId}`) }, own];
}

/** How many cards holders have at one moment of an interval, by holder and end: of intervals that begin together. */
export type Counted = Map<string, Map<Instant | null, number>>;

/**
 * The first quota that so many more cards would pass at some moment of an interval, in all pools together; null when none.
 * `counted` keeps what was counted, for who asks about many wishes that begin together, in one state.
 */
export function quotaPassed(
  book: Book,
  holder: Holder,
  cards: number,
  interval: Interval,
  counted: Counted = new Map(),
): QuotaPassed | null {
  for (const { of, id, cardQuota: quota } of boundsOf(book, holder)) {
    if (quota === null) continue;
    const others = reservedElsewhere(book.elsewhere, holder.organisationId, id);
    const left = quota - cards - (others.length === 0 ? 0 : cardsInUse(others, interval));
    // What is surely within the quota need not be counted moment by moment.
    const known = counted.get(id)?.get(interval.endAt);
    if (known === undefined && book.mostBookedIn(id, interval, left) <= left) continue;
    const inUse = known ?? cardsInUse([...book.reservationsOf(id), ...others], interval);
    if (known === undefined) counted.set(id, (counted.get(id) ?? new Map()).set(interval.endAt, inUse));
    if (inUse + cards > quota) return { of, quota, inUse };
  }
  return null;
}

/** The first monthly limit that so much more money, set aside now, would pass, for all pools together; null when none. */
export function limitPassed(book: Book, holder: Holder, amountUnits: Units, now: Instant): LimitPassed | null {
  for (const { of, id, monthlySpendingLimitUnits: limitUnits } of boundsOf(book, holder)) {
    if (limitUnits === null) continue;
    const month = monthOf(now);
    const committedUnits = units(
      book.committedIn(id, month) + setAsideElsewhere(book.elsewhere, holder.organisationId, id, month),
    );
    if (committedUnits + amountUnits > limitUnits) return { of, limitUnits, committedUnits };
  }
  return null;
}

/** A quota that is passed, as a refusal. */
export function quotaRefusal({ of, quota, inUse }: QuotaPassed): ReservationRefusal {
  return { code: of === 'project' ? 'projectQuotaExceeded' : 'quotaExceeded', quota, inUse };
}

/** The numbers behind a monthly limit that is passed, in 1e-8 yuan as decimal texts. */
export function limitNumbers({ limitUnits, committedUnits }: LimitPassed) {
  return { limitUnits: `${limitUnits}`, committedUnits: `${committedUnits}` };
}

/** A monthly limit that is passed, as a refusal. */
export function limitRefusal(passed: LimitPassed): ReservationRefusal {
  const code = passed.of === 'project' ? 'projectLimitExceeded' : 'spendingLimitExceeded';
  return { code, ...limitNumbers(passed) };
}

/** Why nothing new may join a project: not the organisation's, or closed. Null when it may, or none is named. */
export function projectRefusal(
  book: Book,
  organisationId: Id<'organisation'>,
  projectId: string | null,
): ReservationRefusal | null {
  if (projectId === null) return null;
  const project = book.projects.get(projectId);
  if (project?.organisationId !== organisationId) return { code: 'projectUnknown' };
  return project.isClosed ? { code: 'projectClosed' } : null;
}
