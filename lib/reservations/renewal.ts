import { present } from '#lib/core/assert.ts';
import { floorToSecond, type Instant, plusSeconds, secondsBetween } from '#lib/core/instant.ts';
import { eventOf } from './admission.ts';
import { hourlyPlacement, type Placement } from './amounts.ts';
import type { PoolMind } from './book.ts';
import { closeBindings } from './changes.ts';
import { type Funding, fund } from './funds.ts';
import { type LimitPassed, limitNumbers, limitPassed } from './limits.ts';
import { type Booked, HOLD_STEP_SECONDS, RENEW_LEAD_SECONDS } from './types.ts';
import type { Change, Wallets } from './decision-types.ts';

/**
 * When the next hour of an open end is decided; null for others. A paid hour is followed up ahead of its end; the end of
 * grace is decided at its own instant, so that whoever pays before it goes on.
 */
export function renewalDueAt({ interval, heldUntil, graceFrom }: Booked): Instant | null {
  if (interval.endAt !== null || heldUntil === null) return null;
  return graceFrom === undefined ? plusSeconds(heldUntil, -RENEW_LEAD_SECONDS) : heldUntil;
}

/** An open end held to a later instant, from vouchers and the wallet or on credit. */
function heldTo(
  reservation: Booked,
  until: Instant,
  placement: Placement & Funding,
  now: Instant,
  graceFrom: Instant | undefined,
): { readonly next: Booked; readonly changes: Change[] } {
  const { graceFrom: _before, ...rest } = reservation;
  const placements = reservation.placements + 1;
  // A stop at the end of grace is told of like any end; leads that are past by then would come too late.
  const noticedAt = graceFrom === undefined ? reservation.noticedAt : floorToSecond(now);
  const next: Booked = { ...rest, heldUntil: until, placements, noticedAt, ...(graceFrom && { graceFrom }) };
  const placed = { kind: 'moneyPlaced', reservation: next, step: placements - 1, ...placement, at: now } as const;
  return {
    next,
    changes: [
      { kind: 'reservationChanged', reservation: next },
      graceFrom === undefined ? placed : { ...placed, isOwed: true },
    ],
  };
}

/** The end at the last held second, when the time was paid for and nothing follows it. */
function endingAt(mind: PoolMind, reservation: Booked, now: Instant, passed: LimitPassed | null): Change[] {
  const heldUntil = present(reservation.heldUntil, 'held until');
  const interval = { ...reservation.interval, endAt: heldUntil };
  const ending = { ...reservation, interval, heldUntil: null, noticedAt: floorToSecond(now) };
  const ids = mind.book.bindingsOf(reservation.id).map(({ id }) => id);
  return [
    { kind: 'reservationChanged', reservation: ending },
    ...(ids.length > 0
      ? [{ kind: 'bindingsExtended', reservationId: reservation.id, ids, endAt: heldUntil } as const]
      : []),
    passed
      ? eventOf(reservation, now, 'endingForLimit', { endAt: heldUntil, of: passed.of, ...limitNumbers(passed) })
      : eventOf(reservation, now, 'endingForFunds', { endAt: heldUntil }),
  ];
}

/**
 * The stop at the end of grace: the cards are free on that second, what was not used returns after the last charge. Where a monthly
 * limit is what ends it, the time that was bought ends there too, as it does for {@link endingAt}.
 */
function stoppedAt(mind: PoolMind, reservation: Booked, at: Instant, passed: LimitPassed | null): Change[] {
  const { id, interval } = reservation;
  const closed = closeBindings(mind, reservation, at);
  if (!passed)
    return [
      ...closed,
      { kind: 'reservationEnded', id, state: 'ended', at, reason: 'funds' },
      eventOf(reservation, at, 'stoppedForFunds'),
    ];
  const { graceFrom: _over, ...rest } = reservation;
  return [
    { kind: 'reservationChanged', reservation: { ...rest, interval: { ...interval, endAt: at }, heldUntil: null } },
    ...closed,
    { kind: 'reservationEnded', id, state: 'ended', at, reason: 'term' },
    eventOf(reservation, at, 'endingForLimit', { endAt: at, of: passed.of, ...limitNumbers(passed) }),
  ];
}

/** More seconds of grace than an open end had; zero when none are given to its organisation, or no more. */
function graceLeft(mind: PoolMind, { organisationId, graceFrom, heldUntil }: Booked): number {
  const given = mind.book.limits.get(organisationId)?.graceSeconds ?? 0;
  const had = graceFrom === undefined || heldUntil === null ? 0 : secondsBetween(graceFrom, heldUntil);
  return Math.max(0, given - had);
}

/**
 * One more held hour of an open end. Beyond a monthly limit, the end at the last held second. Beyond the wallet, grace:
 * held on credit for as long as its organisation is given; when that is over and the next hour is still not paid, the
 * stop (`decisions/032`). Without grace, the end at the last held second.
 */
export function decideRenewal(mind: PoolMind, reservation: Booked, wallets: Wallets, now: Instant): Change[] {
  const heldUntil = present(reservation.heldUntil, 'held until');
  const price = present(mind.book.catalog.prices.get(reservation.priceVersionId), 'price version');
  const more = (seconds: number): Placement & { readonly until: Instant } => {
    const until = plusSeconds(heldUntil, seconds);
    return { until, ...hourlyPlacement(price, reservation.cards, reservation.interval.startAt, heldUntil, until) };
  };
  const { until, ...hour } = more(HOLD_STEP_SECONDS);
  const passed = limitPassed(mind.book, reservation, hour.amountUnits, now);
  const isInGrace = reservation.graceFrom !== undefined;
  const funding = fund(mind, wallets, reservation, hour.amountUnits, now);
  if (!passed && funding.ok) {
    const { next, changes } = heldTo(reservation, until, { ...hour, ...funding.value }, now, undefined);
    const data = { heldUntil: until, amountUnits: `${hour.amountUnits}` };
    return [...changes, eventOf(next, now, isInGrace ? 'graceOver' : 'holdRenewed', data)];
  }
  const seconds = graceLeft(mind, reservation);
  if (!passed && seconds > 0) {
    const { until: stopAt, ...grace } = more(seconds);
    if (limitPassed(mind.book, reservation, grace.amountUnits, now) === null) {
      const { next, changes } = heldTo(reservation, stopAt, grace, now, reservation.graceFrom ?? heldUntil);
      const data = { from: heldUntil, endAt: stopAt, amountUnits: `${grace.amountUnits}` };
      return [...changes, eventOf(next, now, 'graceGiven', data)];
    }
  }
  return isInGrace ? stoppedAt(mind, reservation, now, passed) : endingAt(mind, reservation, now, passed);
}
