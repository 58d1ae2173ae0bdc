import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { bindCards, checkLimits, eventOf } from './admission.ts';
import type { PoolMind } from './book.ts';
import type { AcceptTransferPayload, OfferTransferPayload } from './change-types.ts';
import { closeBindings, offerOver, ownReservation } from './changes.ts';
import { fund } from './funds.ts';
import { freedBy } from './giving-back-money.ts';
import type { Booked } from './types.ts';
import type { Command, ReservationRefusal } from './command-types.ts';
import type { Change, Decision, Wallets } from './decision-types.ts';

const no = (refusal: ReservationRefusal): Decision => ({ answer: refuse(refusal), changes: [] });

/** What was set aside for a reservation that has not begun: what its next holder sets aside for it, and no more. */
function priceOf(mind: PoolMind, reservation: Booked, now: Instant) {
  const price = present(mind.book.catalog.prices.get(reservation.priceVersionId), 'price version');
  return freedBy(price, reservation, reservation.cards, floorToSecond(now));
}

/**
 * Offers a reservation that has not begun to another organisation, at the price that was paid. Until it is accepted or
 * taken back its terms stand still. Checked: the reservation, its state, whether it is offered, to whom, whose price.
 */
export function decideOffer(mind: PoolMind, command: Command, payload: OfferTransferPayload, now: Instant): Decision {
  const found = ownReservation(mind, command, payload.reservationId, 'transfer');
  if (!found.ok) return no(found.refusal);
  const reservation = found.value;
  const toOrganisationId = payload.toOrganisationId as Id<'organisation'>;
  if (reservation.offeredTo !== null) return no({ code: 'reservationOffered' });
  if (toOrganisationId === reservation.organisationId) return no({ code: 'transferToSelf' });
  if (mind.book.catalog.prices.get(reservation.priceVersionId)?.agreed) return no({ code: 'transferOfAgreedPrice' });
  const offered: Booked = { ...reservation, offeredTo: toOrganisationId };
  const { amountUnits } = priceOf(mind, reservation, now);
  const { fromName, toSlug } = payload;
  return {
    answer: accept({ reservationId: reservation.id }),
    changes: [
      { kind: 'reservationChanged', reservation: offered },
      { kind: 'transferOffered', reservation: offered, toOrganisationId, fromName, toSlug, amountUnits, at: now },
      eventOf(reservation, now, 'transferOffered', { to: toSlug }),
    ],
  };
}

/** Takes an offer back; without one there is nothing to do. */
export function decideWithdraw(mind: PoolMind, command: Command, reservationId: string, now: Instant): Decision {
  const found = ownReservation(mind, command, reservationId, 'transfer');
  if (!found.ok) return no(found.refusal);
  const reservation = found.value;
  const answer = accept({ reservationId: reservation.id });
  if (reservation.offeredTo === null) return { answer, changes: [] };
  return {
    answer,
    changes: [
      { kind: 'reservationChanged', reservation: { ...reservation, offeredTo: null } },
      ...offerOver(reservation, now),
      eventOf(reservation, now, 'transferWithdrawn'),
    ],
  };
}

/** The reservation as its next holder has it: same cards, same time, same price; nothing of the first holder's wishes. */
function handedOver(reservation: Booked, command: Command, payload: AcceptTransferPayload, now: Instant): Booked {
  // Whoever accepts pays from the wallet: the first holder's line is no business of theirs.
  const { payBy: _paidBy, ...rest } = reservation;
  return {
    ...rest,
    id: payload.newReservationId as Id<'reservation'>,
    organisationId: present(command.organisationId, 'organisation that accepts'),
    projectId: null,
    placements: 1,
    autoExtend: null,
    offeredTo: null,
    createdBy: command.actor,
    createdAt: now,
  };
}

/** Ends what the first holder has bound, so that the next may have the same cards. */
function handOver(mind: PoolMind, reservation: Booked): Change[] {
  return closeBindings(mind, reservation, reservation.interval.startAt).map((change) =>
    change.kind === 'bindingsClosed' ? { ...change, isHandedOver: true } : change,
  );
}

/**
 * Accepts an offer: one decision ends the first holder's reservation, returns all that was set aside for it, and makes
 * the second holder's with the same place, time and price. Checked: the offer, its price, quota, spending limit, funds.
 */
export function decideAccept(
  mind: PoolMind,
  command: Command,
  payload: AcceptTransferPayload,
  wallets: Wallets,
  now: Instant,
): Decision {
  const organisationId = present(command.organisationId, 'organisation that accepts');
  const reservation = mind.book.reservations.get(payload.reservationId as Id<'reservation'>);
  if (!reservation || reservation.offeredTo !== organisationId) return no({ code: 'transferUnknown' });
  const placement = priceOf(mind, reservation, now);
  if (`${placement.amountUnits}` !== payload.quotedUnits) return no({ code: 'quoteChanged' });
  const terms = { interval: reservation.interval, placement };
  const limited = checkLimits(mind, { organisationId, projectId: null }, reservation.cards, terms, now);
  if (limited) return no(limited);
  const funding = fund(mind, wallets, { organisationId, skuId: reservation.skuId }, placement.amountUnits, now);
  if (!funding.ok) return no(funding.refusal);

  const next = handedOver(reservation, command, payload, now);
  const shares = mind.planner.sharesWithout(reservation.id, 0);
  const cards = mind.book.bindingsOf(reservation.id).map(({ card }) => card);
  const given = { ...reservation, cards: 0 };
  return {
    answer: accept({ reservationId: next.id }),
    changes: [
      ...handOver(mind, reservation),
      { kind: 'transferClosed', id: reservation.id, state: 'accepted', at: now },
      { kind: 'moneyReturned', reservation: given, ...placement, at: now },
      { kind: 'reservationEnded', id: reservation.id, state: 'cancelled', at: now, reason: 'transferred' },
      eventOf(reservation, now, 'transferredOut', { amountUnits: `${placement.amountUnits}` }),
      { kind: 'reservationAdded', reservation: next, shares },
      { kind: 'moneyPlaced', reservation: next, step: 0, ...placement, ...funding.value, at: now },
      ...(cards.length > 0
        ? [{ kind: 'cardsBound', bindings: bindCards(next.id, cards, next.interval) } as const]
        : []),
      eventOf(next, now, 'transferredIn', { cards: next.cards, amountUnits: `${placement.amountUnits}` }),
    ],
  };
}
