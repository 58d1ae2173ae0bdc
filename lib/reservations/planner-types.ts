import type { TopologyWish } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { Gang, Layout, Level } from '#lib/core/topology.ts';
import type { DrainOutcome } from './maintenance-types.ts';
import type { RoomFacts, RoomQuestion } from './explanation.ts';

export type Share = { readonly server: number; readonly cards: number };

/** A card, by its ordinal in the pool, given to a reservation for an interval. */
export type Bound = {
  readonly id: Id<'allocation'>;
  readonly reservationId: Id<'reservation'>;
  readonly card: number;
  readonly interval: Interval;
};

/** What the planner must know of a promise. */
export type PromiseView = {
  readonly id: string;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly gang?: Gang | undefined;
  readonly interval: Interval;
};

/** The scheduler, as the deciding code sees it. The engine joins the two; neither imports the other. */
export interface Planner {
  /** Grows with every change of what is planned, bound or usable. */
  readonly version: number;
  /** A place for a promise and the tentative promises that move for it; null when all cannot fit. */
  plan(
    candidate: PromiseView,
    toBind: boolean,
  ): { readonly shares: readonly Share[]; readonly moved: readonly Replanned[] } | null;
  /** The tentative promises that move when bound cards stay until `endAt`, or how many of the cards are taken then. */
  planExtension(
    promiseId: string,
    endAt: Instant | null,
  ): { readonly moved: readonly Replanned[] } | { readonly blockedCards: number };
  /** The tentative promises that begin before an instant and move when cards are lost; what fits nowhere stays. */
  planWithout(cards: readonly number[], before: Instant): readonly Replanned[];
  /** At most so many tentative promises that move off servers on which more is promised than there is. */
  planHealing(most: number): readonly Replanned[];
  /** What emptying cards for an interval would do to whom. Each card is kept from the market for an interval of its own. */
  planDrain(
    cards: ReadonlyMap<number, Interval>,
    interval: Interval,
  ): { readonly outcome: DrainOutcome; readonly moved: readonly Replanned[] };
  /** Up to when, at most `latestAt`, a bound promise could go on without anybody else moving. */
  undisturbedUntil(promiseId: string, latestAt: Instant): Instant;
  /** Cards free at the tightest moment, counted over the whole pool. */
  freeCards(interval: Interval): number;
  /** The cards for shares; null when they are not there. */
  cardsFor(shares: readonly Share[], interval: Interval): readonly number[] | null;
  /** A tentative promise's shares less some cards. */
  sharesWithout(promiseId: string, cards: number): readonly Share[];
  /** Which `count` of a promise's cards are best given back; `lost` ones first, and whole ones of a level, if any. */
  cardsToGiveBack(
    cards: readonly number[],
    lost: ReadonlySet<number>,
    count: number,
    whole: Layout['whole'],
  ): readonly number[];
  /** True when `named` are, wherever they lie at a level, all that a promise with cards `all` has there, or segments. */
  areWhole(named: readonly number[], all: readonly number[], level: Level, segmentCards: number | null): boolean;
  /** The cards for a promise whose start is near; `missing` names a neighbour of each card that is not there. */
  bindingCards(promiseId: string): { readonly cards: readonly number[]; readonly missing: readonly number[] };
  /** A card in place of a failed one; null when there is none within reach. */
  replacementCard(promiseId: string, failedCard: number, interval: Interval): number | null;
  /**
   * Where a card goes that works and is to be emptied, with all that only moves together with it, by the card that moves:
   * nothing that was bought on one server, whole or in segments is taken apart. Null when there is no room.
   */
  holderMoves(promiseId: string, card: number, interval: Interval): ReadonlyMap<number, number> | null;
  /** The first start at which a promise would fit; null when none was found. */
  earliestStart(candidate: PromiseView): Instant | null;
  /** True when a promise can be placed as things stand; moves nothing, unlike `plan`. */
  fits(candidate: PromiseView, toBind: boolean): boolean;
  /** Why a promise finds no room, and what would; moves nothing. */
  explainRoom(question: RoomQuestion): RoomFacts;
  /** Why bound cards cannot stay until `endAt`, and for which of the shorter extensions, in seconds, they can. */
  explainExtension(
    promiseId: string,
    endAt: Instant | null,
    shorterSeconds: readonly number[],
    isDraining: boolean,
  ): RoomFacts;
}

/** A tentative promise that moves to other servers. */
export type Replanned = { readonly id: string; readonly shares: readonly Share[] };
