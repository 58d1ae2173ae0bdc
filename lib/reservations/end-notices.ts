import { present } from '#lib/core/assert.ts';
import { type Instant, plusSeconds, secondsBetween } from '#lib/core/instant.ts';
import { eventOf } from './admission.ts';
import type { PoolMind } from './book.ts';
import { AUTO_EXTEND_LEAD_SECONDS, NOTICE_LEADS_SECONDS } from './change-types.ts';
import { blockedAhead } from './extension-ahead.ts';
import type { Booked } from './types.ts';
import type { Change } from './decision-types.ts';

/** The last notice says nothing new about what lies behind the end. */
const LAST_LEAD_SECONDS = Math.min(...NOTICE_LEADS_SECONDS);

/** When a reservation ends, or stops at the end of its grace; null for an open end whose hours are paid. */
export function endOrStopOf({ interval, heldUntil, graceFrom }: Booked): Instant | null {
  return interval.endAt ?? (graceFrom === undefined ? null : heldUntil);
}

/** When the next notice of a running reservation's end is due; null when none is. A lead longer than what runs is left out. */
export function noticeDueAt(reservation: Booked): Instant | null {
  const { state, noticedAt } = reservation;
  const endAt = endOrStopOf(reservation);
  if (state !== 'active' || endAt === null) return null;
  for (const lead of NOTICE_LEADS_SECONDS) {
    const at = plusSeconds(endAt, -lead);
    if (at > noticedAt) return at;
  }
  return null;
}

/**
 * Says that the end is near, and whether an extension is blocked by what others were promised. A reservation that is
 * about to extend itself ends only when that fails, so it is told of its end after the first try.
 */
export function decideEndNotice(mind: PoolMind, reservation: Booked, at: Instant): Change[] {
  const endAt = present(endOrStopOf(reservation), 'end');
  const leftSeconds = secondsBetween(at, endAt);
  const { autoExtend } = reservation;
  const extendsItself = autoExtend !== null && autoExtend.failure === null && leftSeconds > AUTO_EXTEND_LEAD_SECONDS;
  const isFirst = reservation.noticedAt <= reservation.interval.startAt;
  const blocked =
    reservation.graceFrom === undefined && (isFirst || leftSeconds > LAST_LEAD_SECONDS)
      ? blockedAhead(mind, reservation)
      : null;
  const changes: Change[] = [{ kind: 'reservationChanged', reservation: { ...reservation, noticedAt: at } }];
  if (!extendsItself) changes.push(eventOf(reservation, at, 'endsSoon', { leftSeconds, endAt }));
  if (blocked) changes.push(eventOf(reservation, at, 'extensionBlockedAhead', { endAt, ...blocked }));
  return changes;
}
