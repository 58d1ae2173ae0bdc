import { priceFor } from '#lib/catalog/agreed.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant, later, plusSeconds } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import { units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { checkLimits, eventOf, LENGTH_SECONDS_MAX, roomRefusal } from './admission.ts';
import { hourlyPlacement, type Placement, termPlacement } from './amounts.ts';
import type { PoolMind } from './book.ts';
import { fundReservation } from './funds.ts';
import { creditChange, workingOf } from './giving-back-money.ts';
import { jobOfReservation } from './queue/types.ts';
import { type Booked, type CatalogView, RESERVATION_CAN } from './types.ts';
import type { Change, Decision, Wallets } from './decision-types.ts';
import type { Command, ReservationRefusal } from './command-types.ts';
import type { Replanned } from './planner-types.ts';

const no = (refusal: ReservationRefusal): Decision => ({ answer: refuse(refusal), changes: [] });
const yes = (reservationId: Id<'reservation'>, changes: Change[]): Decision => ({
  answer: accept({ reservationId }),
  changes,
});

/** Ends a reservation's offer to another, when it has one: taken back, or overtaken by its start or its end. */
export function offerOver({ id, offeredTo }: Booked, at: Instant): Change[] {
  return offeredTo === null ? [] : [{ kind: 'transferClosed', id, state: 'withdrawn', at }];
}

/** What was agreed when a job was queued, and the queue plans with: a job is ended, and never changed. */
const FIXED_FOR_JOBS: ReadonlySet<keyof typeof RESERVATION_CAN> = new Set([
  'extend',
  'setAutoExtend',
  'shrink',
  'transfer',
]);

/** The organisation's own live reservation, when the action is allowed in its state. Others' do not exist. */
export function ownReservation(
  mind: PoolMind,
  command: Command,
  reservationId: string,
  action: keyof typeof RESERVATION_CAN,
): Result<Booked, ReservationRefusal> {
  const reservation = mind.book.reservations.get(reservationId as Id<'reservation'>);
  if (!reservation || reservation.organisationId !== command.organisationId)
    return refuse({ code: 'reservationUnknown' });
  const allowed: readonly string[] = RESERVATION_CAN[action];
  if (!allowed.includes(reservation.state)) return refuse({ code: 'reservationNotInState', state: reservation.state });
  if (FIXED_FOR_JOBS.has(action) && mind.book.queue.running.has(jobOfReservation(reservation.id)))
    return refuse({ code: 'reservationOfJob' });
  const isFixed = reservation.offeredTo !== null && (action === 'extend' || action === 'shrink');
  return isFixed ? refuse({ code: 'reservationOffered' }) : accept(reservation);
}

/** Closes what a reservation has bound. `at` lies at or after the start of what is running. */
export function closeBindings(mind: PoolMind, reservation: Booked, at: Instant): Change[] {
  const bindings = mind.book.bindingsOf(reservation.id);
  if (bindings.length === 0) return [];
  const byStart = Map.groupBy(bindings, (bound) => (bound.interval.startAt > at ? bound.interval.startAt : at));
  return [...byStart].map(
    ([endAt, group]): Change => ({
      kind: 'bindingsClosed',
      reservationId: reservation.id,
      ids: group.map((bound) => bound.id),
      endAt,
    }),
  );
}

/** Before the start: the whole of what was set aside returns. */
export function decideCancel(mind: PoolMind, command: Command, reservationId: string, now: Instant): Decision {
  const found = ownReservation(mind, command, reservationId, 'cancel');
  if (!found.ok) return no(found.refusal);
  const reservation = found.value;
  return yes(reservation.id, [
    ...closeBindings(mind, reservation, reservation.interval.startAt),
    ...offerOver(reservation, now),
    { kind: 'reservationEnded', id: reservation.id, state: 'cancelled', at: now, reason: 'cancelled' },
    eventOf(reservation, now, 'cancelled'),
  ]);
}

/** While it runs: the cards are free on the second of the decision. What was not used returns after the last charge. */
export function decideRelease(mind: PoolMind, command: Command, reservationId: string, now: Instant): Decision {
  const found = ownReservation(mind, command, reservationId, 'release');
  if (!found.ok) return no(found.refusal);
  const reservation = found.value;
  const at = floorToSecond(now);
  const working = workingOf(reservation, mind.book.bindingsOf(reservation.id)).length;
  return yes(reservation.id, [
    ...closeBindings(mind, reservation, at),
    { kind: 'reservationEnded', id: reservation.id, state: 'ended', at, reason: 'released' },
    ...creditChange(mind, reservation, working, 0, now),
    eventOf(reservation, now, 'released'),
  ]);
}

/**
 * The longer reservation and what it sets aside. A reservation has one price: it grows while that is still what its
 * organisation pays for the SKU, by the list or by agreement. An open end has nothing to extend.
 */
export function extended(
  catalog: Pick<CatalogView, 'skus' | 'prices'>,
  reservation: Booked,
  seconds: number,
  now: Instant,
): Result<{ next: Booked; placement: Placement }, ReservationRefusal> {
  const { interval } = reservation;
  if (interval.endAt === null || !Number.isSafeInteger(seconds) || seconds < 1 || seconds > LENGTH_SECONDS_MAX)
    return refuse({ code: 'durationOutOfRange' });
  const price = present(catalog.prices.get(reservation.priceVersionId), 'price version');
  const sku = catalog.skus.get(reservation.skuId);
  const inForce = sku && priceFor(sku, reservation.organisationId, 'standard', now);
  if (inForce?.id !== price.id) return refuse({ code: 'priceRetired' });
  const endAt = plusSeconds(interval.endAt, seconds);
  const placements = reservation.placements + 1;
  if (!reservation.term) {
    const placement = hourlyPlacement(price, reservation.cards, interval.startAt, interval.endAt, endAt);
    return accept({ next: { ...reservation, interval: { ...interval, endAt }, placements }, placement });
  }
  const more = termPlacement(price, reservation.cards, reservation.term.kind);
  if (!more || more.seconds !== seconds) return refuse({ code: 'durationOutOfRange' });
  const { term } = reservation;
  const longer = {
    kind: term.kind,
    seconds: term.seconds + more.seconds,
    priceUnits: units(term.priceUnits + more.perCardUnits),
  };
  return accept({
    next: { ...reservation, interval: { ...interval, endAt }, term: longer, placements },
    placement: more,
  });
}

/** Room for the longer reservation: bound cards stay the same ones, tentative promises may move for them. */
export function roomToExtend(mind: PoolMind, reservation: Booked, next: Booked): Result<Change[], ReservationRefusal> {
  const { planner, book } = mind;
  const replanned = (moved: readonly Replanned[]): Change[] => moved.map((each) => ({ kind: 'replanned', ...each }));
  if (!reservation.isBound) {
    const plan = planner.plan(next, false);
    return plan
      ? accept(replanned([...plan.moved, { id: next.id, shares: plan.shares }]))
      : refuse(roomRefusal(planner, next));
  }
  const { endAt } = next.interval;
  // A card that is being emptied would never be.
  const draining = book.bindingsOf(reservation.id).filter(({ card }) => book.cards[card]?.lifecycle === 'draining');
  if (draining.length > 0) return refuse({ code: 'extensionBlocked', cards: draining.length });
  const plan = planner.planExtension(reservation.id, endAt);
  if ('blockedCards' in plan) return refuse({ code: 'extensionBlocked', cards: plan.blockedCards });
  const ids = book.bindingsOf(reservation.id).map(({ id }) => id);
  return accept([...replanned(plan.moved), { kind: 'bindingsExtended', reservationId: next.id, ids, endAt }]);
}

/**
 * What a longer reservation changes when it may be: limits, room, funds, in this order. A bound extension may push
 * tentative promises of others to other servers, never off the plan.
 */
export function extension(
  mind: PoolMind,
  reservation: Booked,
  longer: { readonly next: Booked; readonly placement: Placement },
  wallets: Wallets,
  now: Instant,
): Result<Change[], ReservationRefusal> {
  const { placement } = longer;
  const next = { ...longer.next, noticedAt: later(reservation.interval.startAt, floorToSecond(now)) };
  const more = { startAt: endOf(reservation.interval), endAt: next.interval.endAt };
  const limited = checkLimits(mind, reservation, reservation.cards, { interval: more, placement }, now);
  if (limited) return refuse(limited);
  const room = roomToExtend(mind, reservation, next);
  if (!room.ok) return room;
  const funding = fundReservation(mind, wallets, reservation, placement.amountUnits, now);
  if (!funding.ok) return funding;
  return accept([
    { kind: 'reservationChanged', reservation: next },
    ...room.value,
    { kind: 'moneyPlaced', reservation: next, step: next.placements - 1, ...placement, ...funding.value, at: now },
  ]);
}

/** What the history says of a longer reservation. */
export function extendedTo({ next, placement }: { readonly next: Booked; readonly placement: Placement }) {
  return { endAt: present(next.interval.endAt, 'end'), amountUnits: `${placement.amountUnits}` };
}

/** Moves the end out at the price that was shown. The promise is checked like a new one. */
export function decideExtend(
  mind: PoolMind,
  command: Command,
  payload: { readonly reservationId: string; readonly seconds: number; readonly quotedUnits: string },
  wallets: Wallets,
  now: Instant,
): Decision {
  const found = ownReservation(mind, command, payload.reservationId, 'extend');
  if (!found.ok) return no(found.refusal);
  const longer = extended(mind.book.catalog, found.value, payload.seconds, now);
  if (!longer.ok) return no(longer.refusal);
  if (`${longer.value.placement.amountUnits}` !== payload.quotedUnits) return no({ code: 'quoteChanged' });
  const changes = extension(mind, found.value, longer.value, wallets, now);
  if (!changes.ok) return no(changes.refusal);
  return yes(found.value.id, [...changes.value, eventOf(found.value, now, 'extended', extendedTo(longer.value))]);
}
