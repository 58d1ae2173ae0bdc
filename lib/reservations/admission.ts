import { priceFor } from '#lib/catalog/agreed.ts';
import { HORIZON_DAYS, QUOTE_VALID_SECONDS } from '#lib/catalog/types.ts';
import { invariant, present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, floorToSecond, type Instant, instant, later, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { cardsStepOf } from '#lib/core/topology.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { firstHeldUntil, hourlyPlacement, type Placement, termPlacement } from './amounts.ts';
import type { PoolMind } from './book.ts';
import { fundReservation } from './funds.ts';
import { accountTermsRefusal } from './on-account.ts';
import { type Holder, limitPassed, limitRefusal, projectRefusal, quotaPassed, quotaRefusal } from './limits.ts';
import { boundAtOnceUntil } from './binding-lead.ts';
import type { Booked } from './types.ts';
import type { Bound, Planner, PromiseView } from './planner-types.ts';
import type { Change, Decision, Wallets } from './decision-types.ts';
import type { Command, ReservationRefusal, ReservePayload } from './command-types.ts';

/** No booking and no extension is longer than one can plan ahead: what is priced hour by hour must have an end. */
export const LENGTH_SECONDS_MAX = (HORIZON_DAYS * DAY_MS) / SECOND_MS;

/** What is left of a wish once time and price are fixed. */
type Terms = {
  readonly interval: Interval;
  readonly heldUntil: Instant | null;
  readonly term: Booked['term'];
  readonly placement: Placement;
};

/** The quote's own conditions: still valid, its organisation's price when it was made and still sold, image still runs. */
function checkQuote(
  mind: PoolMind,
  organisationId: string,
  payload: ReservePayload,
  now: Instant,
): ReservationRefusal | null {
  const { catalog } = mind.book;
  if (payload.quoteExpiresAt < now) return { code: 'quoteExpired' };
  const sku = catalog.skus.get(payload.skuId);
  const quotedAt = plusSeconds(instant(payload.quoteExpiresAt), -QUOTE_VALID_SECONDS);
  const price = sku && priceFor(sku, organisationId, 'standard', quotedAt);
  if (!sku || price?.id !== payload.priceVersionId) return { code: 'priceRetired' };
  // A quote was checked for it; a command that comes another way must not reach the placement, which relies on it.
  const isWhole = payload.cards % cardsStepOf(payload.topology, sku.shape, payload.gang) === 0;
  invariant(payload.cards >= 1 && isWhole, `${payload.cards} cards as ${payload.topology} were never quoted`);
  invariant((payload.startAt ?? 0) % SECOND_MS === 0, 'everything begins on a whole second');
  if (payload.imageId === null) return null;
  return catalog.images.get(payload.imageId)?.archs.includes(sku.model.arch) ? null : { code: 'imageIncompatible' };
}

/** Fixes start, end and what is set aside. A start "now" begins on the second of the decision. */
function termsOf(mind: PoolMind, payload: ReservePayload, now: Instant): Result<Terms, ReservationRefusal> {
  const price = present(mind.book.catalog.prices.get(payload.priceVersionId), 'price version');
  const startAt = payload.startAt === null ? floorToSecond(now) : instant(payload.startAt);
  if (payload.startAt !== null && startAt < floorToSecond(now)) return refuse({ code: 'startInPast' });
  if (payload.term !== null) {
    const placement = termPlacement(price, payload.cards, payload.term);
    if (!placement) return refuse({ code: 'priceRetired' });
    const term = { kind: payload.term, seconds: placement.seconds, priceUnits: placement.perCardUnits };
    return accept({
      interval: { startAt, endAt: plusSeconds(startAt, placement.seconds) },
      heldUntil: null,
      term,
      placement,
    });
  }
  if (payload.durationSeconds === null) {
    const heldUntil = firstHeldUntil(startAt);
    const placement = hourlyPlacement(price, payload.cards, startAt, startAt, heldUntil);
    return accept({ interval: { startAt, endAt: null }, heldUntil, term: null, placement });
  }
  if (payload.durationSeconds < 1 || payload.durationSeconds > LENGTH_SECONDS_MAX)
    return refuse({ code: 'durationOutOfRange' });
  const endAt = plusSeconds(startAt, payload.durationSeconds);
  const placement = hourlyPlacement(price, payload.cards, startAt, startAt, endAt);
  return accept({ interval: { startAt, endAt }, heldUntil: null, term: null, placement });
}

/** Quotas over the time, then the month's spending limits; of each the project's before the organisation's. */
export function checkLimits(
  mind: PoolMind,
  holder: Holder,
  cards: number,
  { interval, placement }: Pick<Terms, 'interval' | 'placement'>,
  now: Instant,
): ReservationRefusal | null {
  const quota = quotaPassed(mind.book, holder, cards, interval);
  if (quota) return quotaRefusal(quota);
  const limit = limitPassed(mind.book, holder, placement.amountUnits, now);
  return limit && limitRefusal(limit);
}

/** Too few cards at all, or enough but none together: two different answers, with what would fit and when. */
export function roomRefusal(planner: Planner, candidate: PromiseView): ReservationRefusal {
  const free = planner.freeCards(candidate.interval);
  const earliestStartAt = planner.earliestStart(candidate);
  const code = free < candidate.cards ? 'capacityExhausted' : 'placementImpossible';
  return { code, needed: candidate.cards, free, earliestStartAt };
}

/** An allocation's id follows from what it is, so that deciding again gives the same one. */
export function bindingId(reservationId: Id<'reservation'>, card: number, startAt: Instant): Id<'allocation'> {
  const since = (startAt / SECOND_MS).toString(36);
  return `alc_${reservationId.slice('rsv_'.length)}-${card.toString(36)}-${since}` as Id<'allocation'>;
}

/** Gives cards to a reservation for an interval. */
export function bindCards(reservationId: Id<'reservation'>, cards: readonly number[], interval: Interval): Bound[] {
  return cards.map((card) => ({ id: bindingId(reservationId, card, interval.startAt), reservationId, card, interval }));
}

/** An event of a reservation as a change. */
export function eventOf(
  reservation: Pick<Booked, 'id' | 'organisationId'>,
  at: Instant,
  event: Extract<Change, { kind: 'event' }>['event'],
  data: Extract<Change, { kind: 'event' }>['data'] = {},
): Change {
  return { kind: 'event', reservationId: reservation.id, organisationId: reservation.organisationId, at, event, data };
}

/** The reservation that an accepted booking becomes. */
function bookedAs(
  command: Command,
  payload: ReservePayload,
  terms: Pick<Booked, 'organisationId' | 'projectId' | 'interval' | 'heldUntil' | 'term' | 'isBound'>,
  now: Instant,
): Booked {
  const { organisationId, projectId, interval, heldUntil, term, isBound } = terms;
  return {
    id: payload.reservationId as Id<'reservation'>,
    organisationId,
    projectId,
    skuId: payload.skuId as Id<'sku'>,
    priceVersionId: payload.priceVersionId as Id<'priceVersion'>,
    imageId: payload.imageId as Id<'image'> | null,
    name: payload.name,
    purchase: term ? 'by-card' : 'by-hour',
    cards: payload.cards,
    topology: payload.topology,
    gang: payload.gang,
    interval,
    heldUntil,
    term,
    state: interval.startAt <= now ? 'active' : 'confirmed',
    isBound,
    lost: [],
    placements: 1,
    noticedAt: later(interval.startAt, floorToSecond(now)),
    autoExtend: null,
    offeredTo: null,
    createdBy: command.actor,
    createdAt: now,
    ...(payload.payBy ? { payBy: payload.payBy } : {}),
  };
}

/**
 * Decides a booking. Checks in the order of the contract: quote, price, image, terms, what may be on account, project, quotas, spending limits,
 * capacity, placement, funds; accepting sets the money aside in the same step. Near starts bind their cards at once.
 */
export function decideReserve(
  mind: PoolMind,
  command: Command,
  payload: ReservePayload,
  wallets: Wallets,
  now: Instant,
): Decision {
  const organisationId = present(command.organisationId, 'organisation of a booking');
  const no = (refusal: ReservationRefusal): Decision => ({ answer: refuse(refusal), changes: [] });

  const quoteRefusal = checkQuote(mind, organisationId, payload, now);
  if (quoteRefusal) return no(quoteRefusal);
  const terms = termsOf(mind, payload, now);
  if (!terms.ok) return no(terms.refusal);
  const { interval, term, placement } = terms.value;
  const unfit = payload.payBy === 'account' ? accountTermsRefusal({ term, endAt: interval.endAt }) : null;
  if (unfit) return no(unfit);
  if (placement.amountUnits > BigInt(payload.quotedUnits)) return no({ code: 'quoteChanged' });
  const projectId = (payload.projectId ?? null) as Id<'project'> | null;
  const limited =
    projectRefusal(mind.book, organisationId, projectId) ??
    checkLimits(mind, { organisationId, projectId }, payload.cards, terms.value, now);
  if (limited) return no(limited);

  const toBind = interval.startAt <= boundAtOnceUntil(now);
  const candidate = {
    id: payload.reservationId,
    cards: payload.cards,
    topology: payload.topology,
    gang: payload.gang,
    interval,
  };
  const plan = mind.planner.plan(candidate, toBind);
  if (!plan) return no(roomRefusal(mind.planner, candidate));

  const payer = { organisationId, skuId: payload.skuId as Id<'sku'>, payBy: payload.payBy };
  const funding = fundReservation(mind, wallets, payer, placement.amountUnits, now);
  if (!funding.ok) return no(funding.refusal);

  const reservation = bookedAs(command, payload, { ...terms.value, organisationId, projectId, isBound: toBind }, now);
  const changes: Change[] = [
    ...plan.moved.map((moved): Change => ({ kind: 'replanned', ...moved })),
    { kind: 'reservationAdded', reservation, shares: plan.shares },
    { kind: 'moneyPlaced', reservation, step: 0, ...placement, ...funding.value, at: now },
    eventOf(reservation, now, 'reserved', { cards: reservation.cards, amountUnits: `${placement.amountUnits}` }),
  ];
  if (toBind) changes.push(...bindNow(mind.planner, reservation, plan.shares, now));
  if (reservation.state === 'active') changes.push(eventOf(reservation, interval.startAt, 'started'));
  return { answer: accept({ reservationId: reservation.id }), changes };
}

function bindNow(
  planner: Planner,
  reservation: Booked,
  shares: Parameters<Planner['cardsFor']>[0],
  now: Instant,
): Change[] {
  const cards = present(planner.cardsFor(shares, reservation.interval), 'cards of a placement made to bind');
  return [
    { kind: 'cardsBound', bindings: bindCards(reservation.id, cards, reservation.interval) },
    eventOf(reservation, now, 'cardsBound', { cards: cards.length }),
  ];
}
