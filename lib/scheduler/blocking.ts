import { ceilToHour, floorToHour, HOUR_MS, type Instant, later } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval, overlaps } from '#lib/core/interval.ts';
import type { PlanBlocker } from '#lib/reservations/explanation.ts';
import { hourOf } from './hour-window.ts';
import type { InTheWay } from './known-blockers.ts';
import type { PoolState } from './pool-state.ts';
import type { PlannedPromise } from './types.ts';

/** How far the tightest hour is looked for: the horizon of bookings. */
const HOURS_MAX = 2_160;

/** The hour of `window` in which the fewest cards are free, the first of several: read off the curve of the pool. */
export function tightestHour({ index }: PoolState, window: Interval): Interval {
  const from = floorToHour(window.startAt);
  const last = Math.min(Math.ceil((endOf(window) - from) / HOUR_MS), HOURS_MAX);
  let [lowest, hour] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < last; i += 1) {
    const free = index.curves.freeCards[index.slotAt(hourOf(from) + i)] ?? 0;
    if (free < lowest) [lowest, hour] = [free, i];
  }
  const startAt = later(window.startAt, (from + hour * HOUR_MS) as Instant);
  const endAt = Math.min(endOf(window), ceilToHour((startAt + 1) as Instant)) as Instant;
  return { startAt, endAt: endAt === FOREVER ? null : endAt };
}

const end = ({ until }: PlanBlocker): Instant => until ?? FOREVER;

/** Who is over first comes first, then who holds more, then the lower id: one order. */
function isBefore(a: PlanBlocker, b: PlanBlocker): boolean {
  if (a.until !== b.until) return end(a) < end(b);
  return a.cards === b.cards ? a.id < b.id : a.cards > b.cards;
}

/** How many promises in the way are named. */
const NAMED_MAX = 8;

/** Keeps the first of all blockers that it was given, in their one order. */
function keepFirst(first: PlanBlocker[], each: PlanBlocker): void {
  const worst = first[NAMED_MAX - 1];
  if (worst && !isBefore(each, worst)) return;
  const place = first.findIndex((other) => isBefore(each, other));
  first.splice(place < 0 ? first.length : place, 0, each);
  first.length = Math.min(first.length, NAMED_MAX);
}

/** Counts blockers and names the first of them. */
export function named(found: Iterable<PlanBlocker>): InTheWay {
  const first: PlanBlocker[] = [];
  let [count, cards] = [0, 0];
  for (const each of found) {
    count += 1;
    cards += each.cards;
    keepFirst(first, each);
  }
  return { blockers: first, blocked: { count, cards } };
}

/**
 * The promises but one that hold cards at some moment of an hour, or of a part of one: how many, and the first of them to
 * be over. Those that are over in a later hour than all that are named are counted, not looked at.
 */
export function inTheWayIn(state: PoolState, hour: Interval, itself: string): InTheWay {
  const own = state.promises.get(itself);
  const isThere = own !== undefined && overlaps(own.interval, hour);
  const changes = state.promiseHours.changesIn(hourOf(hour.startAt));
  const find = (): InTheWay => findIn(state, hour, isThere ? own : null);
  return isThere || changes === null ? find() : state.knownBlockers.of(hour, changes, find);
}

/** The same, where it is known whether the one itself holds cards then. */
function findIn({ promiseHours }: PoolState, hour: Interval, own: PlannedPromise | null): InTheWay {
  const blocked = promiseHours.tallyIn(hour);
  if (own) {
    blocked.count -= 1;
    blocked.cards -= own.cards;
  }
  const first = promiseHours.firstToEnd(hour, own?.id ?? null, Math.min(NAMED_MAX, blocked.count));
  return { blockers: first.map(({ id, cards, interval }) => ({ id, cards, until: interval.endAt })), blocked };
}
