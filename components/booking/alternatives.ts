import type { Term, WishRefusal } from '#lib/catalog/types.ts';
import { ceilToHour, type Instant, instant } from '#lib/core/instant.ts';
import type { ReservationRefusal } from '#lib/reservations/command-types.ts';
import { type BookingQuery, dayAndHour } from './booking-query.ts';

/** A way on from a refusal: another state of the booking page, or the wallet. */
export type WayOn =
  | { readonly kind: 'startAt'; readonly startAt: Instant; readonly query: BookingQuery }
  | { readonly kind: 'startNow'; readonly query: BookingQuery }
  | { readonly kind: 'cards'; readonly cards: number; readonly query: BookingQuery }
  | { readonly kind: 'anyTopology'; readonly query: BookingQuery }
  | { readonly kind: 'sameSupernode'; readonly query: BookingQuery }
  | { readonly kind: 'wholeServers'; readonly query: BookingQuery }
  | { readonly kind: 'hours'; readonly hours: number; readonly query: BookingQuery }
  | { readonly kind: 'term'; readonly term: Term; readonly query: BookingQuery }
  | { readonly kind: 'pool'; readonly pool: string; readonly startAt: Instant; readonly query: BookingQuery }
  | { readonly kind: 'noImage'; readonly query: BookingQuery }
  | { readonly kind: 'noProject'; readonly query: BookingQuery }
  | { readonly kind: 'askAgain'; readonly query: BookingQuery }
  | { readonly kind: 'topUp' };

type Refused =
  | WishRefusal
  | ReservationRefusal
  | { readonly code: 'idempotencyKeyReused' | 'quoteUnknown' | 'decisionPending' };

const withCards = (query: BookingQuery, cards: number): WayOn[] =>
  cards > 0 ? [{ kind: 'cards', cards, query: { ...query, cards: `${cards}` } }] : [];

/** As many cards as were asked for, rounded up to whole servers or supernodes. */
function withWhole(query: BookingQuery, cardsEach: number): WayOn[] {
  const count = Math.max(1, Math.ceil(Number.parseInt(query.cards, 10) / cardsEach));
  return withCards(query, count * cardsEach);
}

function withStart(query: BookingQuery, startAt: number | null): WayOn[] {
  if (startAt === null) return [];
  // Bookings start on full hours; the engine knows the very second.
  const hour = ceilToHour(instant(startAt));
  return [{ kind: 'startAt', startAt: hour, query: { ...query, when: 'later', ...dayAndHour(hour), week: '' } }];
}

const withoutProject = (query: BookingQuery): WayOn[] => [{ kind: 'noProject', query: { ...query, project: '' } }];

const anywhere = (query: BookingQuery): WayOn => ({
  kind: 'anyTopology',
  query: { ...query, topology: 'any' },
});

/** What else would do, for a wish or a booking that was refused; empty when only the person can know. */
export function waysOn(refusal: Refused, query: BookingQuery): WayOn[] {
  switch (refusal.code) {
    case 'cardsOutOfRange':
      return withCards(query, refusal.cardsMax);
    case 'startInPast':
    case 'startNotOnHour':
    case 'startBeyondHorizon':
      return [{ kind: 'startNow', query: { ...query, when: 'now', day: '', hour: '', week: '' } }];
    case 'topologyTooSmall':
      return [anywhere(query), ...withCards(query, refusal.cardsMax)];
    case 'notWholeServers':
      return [...withWhole(query, refusal.cardsPerServer), anywhere(query)];
    case 'notWholeSupernodes':
      return [...withWhole(query, refusal.cardsPerSupernode), anywhere(query)];
    case 'imageUnknown':
    case 'imageIncompatible':
      return [{ kind: 'noImage', query: { ...query, image: '' } }];
    case 'capacityExhausted':
      return [...withStart(query, refusal.earliestStartAt), ...withCards(query, refusal.free)];
    case 'placementImpossible':
      return [...withStart(query, refusal.earliestStartAt), anywhere(query)];
    case 'projectUnknown':
    case 'projectClosed':
    case 'projectLimitExceeded':
      return withoutProject(query);
    case 'projectQuotaExceeded':
      return [...withCards(query, refusal.quota - refusal.inUse), ...withoutProject(query)];
    case 'quotaExceeded':
      return withCards(query, refusal.quota - refusal.inUse);
    case 'fundsInsufficient':
      return [{ kind: 'topUp' }];
    case 'quoteExpired':
    case 'quoteChanged':
    case 'priceRetired':
    case 'quoteUnknown':
      return [{ kind: 'askAgain', query }];
    default:
      return [];
  }
}
