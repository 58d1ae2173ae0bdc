import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import { cardsStepOf } from '#lib/core/topology.ts';
import { canBeGranted, type PoolMind } from './book.ts';
import {
  type Blocker,
  dominantOf,
  type Explained,
  NOTHING_BLOCKED,
  type PlanBlocker,
  type RoomFacts,
  type RoomQuestion,
  type Sooner,
} from './explanation.ts';
import { TOKEN_OF } from './refusal-token.ts';
import { boundAtOnceUntil } from './binding-lead.ts';
import type { Booked } from './types.ts';
import type { Command, ReservationRefusal, ReservePayload } from './command-types.ts';
import type { Decision } from './decision-types.ts';
import type { PromiseView } from './planner-types.ts';

/** The longest stay that is sold by the hour, in hours: 90 days. */
const HOURS_MAX = 2_160;
/** How many cards that are away are named. */
const NAMED_MAX = 8;

const HOUR_SECONDS = HOUR_MS / 1_000;

/** All lengths that are sold by the hour, in seconds. */
const HOURS_SOLD = Array.from({ length: HOURS_MAX }, (_, i) => (i + 1) * HOUR_SECONDS);

/** Whole hours below a length, in seconds and rising; of an open end, all that are sold. */
function hoursBelow(seconds: number | null): number[] {
  return HOURS_SOLD.slice(0, seconds === null ? HOURS_MAX : Math.max(0, Math.ceil(seconds / HOUR_SECONDS) - 1));
}

/** The lengths of a booking that are sold and shorter than asked, rising: hours, or terms. */
function shorterOf(mind: PoolMind, payload: ReservePayload): number[] {
  if (payload.term === null) return hoursBelow(payload.durationSeconds);
  const terms = mind.book.catalog.prices.get(payload.priceVersionId)?.terms ?? [];
  const asked = terms.find(({ term }) => term === payload.term)?.termSeconds ?? 0;
  return terms.flatMap(({ termSeconds }) => (termSeconds < asked ? [termSeconds] : [])).sort((a, b) => a - b);
}

/** What a booking asks of the plan; null when it has no length that could be placed. */
function candidateOf(mind: PoolMind, payload: ReservePayload, now: Instant): PromiseView | null {
  const terms = mind.book.catalog.prices.get(payload.priceVersionId)?.terms ?? [];
  const termSeconds = terms.find(({ term }) => term === payload.term)?.termSeconds ?? null;
  const seconds = payload.term === null ? payload.durationSeconds : termSeconds;
  const startAt = payload.startAt === null ? floorToSecond(now) : instant(payload.startAt);
  if (payload.term !== null && seconds === null) return null;
  const endAt = seconds === null ? null : plusSeconds(startAt, seconds);
  return {
    id: payload.reservationId,
    cards: payload.cards,
    topology: payload.topology,
    gang: payload.gang,
    interval: { startAt, endAt },
  };
}

/** The cards that take no new work, by what keeps them from it. What is not on sale comes back for nobody. */
function awayIn({ book }: PoolMind): RoomQuestion['away'] {
  const maintenance: number[] = [];
  const repair: number[] = [];
  for (const ordinal of [...book.away].sort((a, b) => a - b)) {
    const card = present(book.cards[ordinal], `card ${ordinal}`);
    const isDown = card.probationUntil !== null || !canBeGranted(card);
    if (card.lifecycle === 'repair' || card.lifecycle === 'returned' || isDown) repair.push(ordinal);
    else if (card.lifecycle !== 'in_service') maintenance.push(ordinal);
  }
  return { maintenance, repair };
}

function cardBlockers(mind: PoolMind, kind: Blocker['kind'], ordinals: readonly number[]): Blocker[] {
  return ordinals.slice(0, NAMED_MAX).map((ordinal) => {
    const card = present(mind.book.cards[ordinal], `card ${ordinal}`);
    return { kind, id: card.id, organisationId: null, cards: 1, until: card.probationUntil };
  });
}

/**
 * What is in the way by name. The plan answers with the same list as long as nothing of its hour changes, and a reservation
 * never passes to another organisation under the same id: it is looked up once.
 */
const NAMED = new WeakMap<readonly PlanBlocker[], readonly Blocker[]>();

function namesOf({ book }: PoolMind, blockers: readonly PlanBlocker[]): readonly Blocker[] {
  const known = NAMED.get(blockers);
  if (known) return known;
  const named = blockers.map(({ id, cards, until }): Blocker => {
    const reservation = book.reservations.get(id as Id<'reservation'>);
    const kind = reservation ? 'reservation' : 'maintenance';
    return { kind, organisationId: reservation?.organisationId ?? null, id, cards, until };
  });
  NAMED.set(blockers, named);
  return named;
}

/** The facts of the plan with names and the reason that is given. */
function explainedBy(
  mind: PoolMind,
  needed: number,
  facts: RoomFacts,
  away: RoomQuestion['away'],
  numbers: Explained['explanation']['numbers'] = {},
): Explained {
  const { holding, blockers, blocked, free, earliestStartAt, sooner } = facts;
  const tally = (cards: readonly number[]) => ({ count: cards.length, cards: cards.length });
  return {
    explanation: {
      token: dominantOf(holding),
      needed,
      numbers,
      free,
      blocked: { reservation: blocked, maintenance: tally(away.maintenance), repair: tally(away.repair) },
      earliestStartAt,
      sooner,
    },
    blockers: [
      ...namesOf(mind, blockers),
      ...cardBlockers(mind, 'maintenance', away.maintenance),
      ...cardBlockers(mind, 'repair', away.repair),
    ],
  };
}

function explainedRoom(
  mind: PoolMind,
  candidate: PromiseView,
  shorterSeconds: readonly number[],
  earliestStartAt: number | null,
  now: Instant,
): Explained {
  const away = awayIn(mind);
  const facts = mind.planner.explainRoom({
    candidate,
    bindsBefore: boundAtOnceUntil(now),
    shorterSeconds,
    away,
    earliestStartAt: earliestStartAt === null ? null : instant(earliestStartAt),
  });
  return explainedBy(mind, candidate.cards, facts, away);
}

/** How many cards quota or money would do for; null where the refusal is about neither. */
function cardsAllowed(refusal: ReservationRefusal, cards: number, amountUnits: bigint): number | null {
  switch (refusal.code) {
    case 'quotaExceeded':
    case 'projectQuotaExceeded':
      return refusal.quota - refusal.inUse;
    case 'fundsInsufficient':
      return Number((BigInt(cards) * BigInt(refusal.availableUnits)) / BigInt(refusal.neededUnits));
    case 'accountLineExceeded':
      return Number((BigInt(cards) * BigInt(refusal.freeUnits)) / BigInt(refusal.neededUnits));
    case 'spendingLimitExceeded':
    case 'projectLimitExceeded':
      if (amountUnits === 0n) return null;
      return Number((BigInt(cards) * (BigInt(refusal.limitUnits) - BigInt(refusal.committedUnits))) / amountUnits);
    default:
      return null;
  }
}

/** Fewer cards, where quota or money is the reason and the plan has room for them. */
function fewerCards(
  mind: PoolMind,
  candidate: PromiseView,
  step: number,
  allowed: number | null,
  now: Instant,
): Sooner[] {
  if (allowed === null) return [];
  const cards = Math.floor(allowed / step) * step;
  if (cards < 1 || cards >= candidate.cards) return [];
  const { startAt } = candidate.interval;
  const toBind = startAt <= boundAtOnceUntil(now);
  return mind.planner.fits({ ...candidate, cards }, toBind) ? [{ change: 'fewerCards', value: cards, startAt }] : [];
}

/** A refusal that needs no plan: its own numbers are the explanation. */
function explainedPlainly(refusal: ReservationRefusal, needed: number, sooner: readonly Sooner[]): Explained | null {
  const token = TOKEN_OF[refusal.code];
  if (token === null) return null;
  const { code, ...numbers } = refusal;
  const explanation = { token, needed, numbers: { code, ...numbers }, free: null, blocked: NOTHING_BLOCKED };
  return { explanation: { ...explanation, earliestStartAt: null, sooner }, blockers: [] };
}

function explainReserve(mind: PoolMind, payload: ReservePayload, refusal: ReservationRefusal, now: Instant) {
  const candidate = candidateOf(mind, payload, now);
  if (candidate && (refusal.code === 'capacityExhausted' || refusal.code === 'placementImpossible'))
    return explainedRoom(mind, candidate, shorterOf(mind, payload), refusal.earliestStartAt, now);
  const allowed = cardsAllowed(refusal, payload.cards, BigInt(payload.quotedUnits));
  const shape = mind.book.catalog.skus.get(payload.skuId)?.shape;
  const step = shape ? cardsStepOf(payload.topology, shape, payload.gang) : 1;
  return explainedPlainly(refusal, payload.cards, candidate ? fewerCards(mind, candidate, step, allowed, now) : []);
}

/** A promise whose cards are not bound is placed anew as a whole, but asked for is only how much longer. */
function explainedLonger(
  mind: PoolMind,
  { interval }: Booked,
  next: PromiseView,
  more: readonly number[],
  now: Instant,
): Explained {
  const endAt = endOf(interval);
  const wholeSeconds = (endAt - interval.startAt) / 1_000;
  const lengths = more.map((seconds) => wholeSeconds + seconds);
  const { explanation, blockers } = explainedRoom(mind, next, lengths, null, now);
  const sooner = explanation.sooner.flatMap((each): Sooner[] =>
    each.change === 'shorter' ? [{ ...each, value: each.value - wholeSeconds, startAt: endAt }] : [],
  );
  return { explanation: { ...explanation, earliestStartAt: null, sooner }, blockers };
}

function explainExtend(
  mind: PoolMind,
  reservation: Booked | undefined,
  seconds: number,
  refusal: ReservationRefusal,
  now: Instant,
): Explained | null {
  const endAt = reservation?.interval.endAt ?? null;
  if (!reservation || endAt === null) return explainedPlainly(refusal, reservation?.cards ?? 0, []);
  const more = reservation.term ? [] : hoursBelow(seconds);
  const next = { ...reservation, interval: { ...reservation.interval, endAt: plusSeconds(endAt, seconds) } };
  switch (refusal.code) {
    case 'capacityExhausted':
    case 'placementImpossible':
      return explainedLonger(mind, reservation, next, more, now);
    case 'extensionBlocked': {
      const { bindings, isDraining } = drainingOf(mind, reservation);
      const facts = mind.planner.explainExtension(reservation.id, next.interval.endAt, more, isDraining);
      const away = { maintenance: bindings, repair: [] };
      return explainedBy(mind, reservation.cards, facts, away, { cards: refusal.cards });
    }
    default:
      return explainedPlainly(refusal, reservation.cards, []);
  }
}

/** The cards of a reservation that are being emptied. */
function drainingOf({ book }: PoolMind, reservation: Booked) {
  const bindings = book
    .bindingsOf(reservation.id)
    .flatMap(({ card }) => (book.cards[card]?.lifecycle === 'draining' ? [card] : []));
  return { bindings, isDraining: bindings.length > 0 };
}

/**
 * A decision with its explanation, where it refuses a booking or an extension: worked out from the same memory in the
 * same moment, and only then. Changes nothing.
 */
export function explained(mind: PoolMind, command: Command, decision: Decision, now: Instant): Decision {
  const { payload } = command;
  if (decision.answer.ok) return decision;
  const { refusal } = decision.answer;
  const own = (id: string): Booked | undefined => {
    const found = mind.book.reservations.get(id as Id<'reservation'>);
    return found?.organisationId === command.organisationId ? found : undefined;
  };
  const why =
    payload.kind === 'reserve'
      ? explainReserve(mind, payload, refusal, now)
      : payload.kind === 'extend'
        ? explainExtend(mind, own(payload.reservationId), payload.seconds, refusal, now)
        : null;
  return why ? { ...decision, explained: why } : decision;
}
