import type { TopologyWish } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import type { PromiseView } from './planner-types.ts';

/**
 * Why something waits or was refused: one word each, the more telling first. Where several hold, the first of them is
 * the reason that is given. The order is contract (`decisions/020`).
 */
export const TOKENS = [
  'awaitingDecision',
  'systemFault',
  'misconfigured',
  'quoteOutdated',
  'deadlineMissed',
  'priceAboveCap',
  'quotaExceeded',
  'spendingLimit',
  'tooLongForGap',
  'fragmentedAcrossServers',
  'fragmentedAcrossSupernodes',
  'blockedByReservation',
  'blockedByMaintenance',
  'waitingForRepair',
  'capacityExhausted',
  'fundsInsufficient',
  'waitingForPreemption',
  'behindInQueue',
  'firstInLine',
  'waitingForReplacement',
  'waitingForStart',
] as const;
export type Token = (typeof TOKENS)[number];

/** The one reason of several that hold. Throws when none does: nothing is ever without a reason. */
export function dominantOf(holding: Iterable<Token>): Token {
  const held = new Set(holding);
  return present(
    TOKENS.find((token) => held.has(token)),
    'a reason',
  );
}

/** Enough cards, but not as they were wished: what they are spread over. */
export function fragmentedOver(topology: TopologyWish): Token {
  const { within, whole } = LAYOUTS[topology];
  return within === 'supernode' || whole === 'supernode' ? 'fragmentedAcrossSupernodes' : 'fragmentedAcrossServers';
}

/**
 * What is free during all of the wanted time: in the pool at its tightest moment, and together on one server, in one
 * supernode, as idle servers and supernodes, each counted where no moment takes it away.
 */
export type FreePerLevel = {
  readonly cards: number;
  readonly largestOnServer: number;
  readonly largestOnSupernode: number;
  readonly idleServers: number;
  readonly idleSupernodes: number;
};

/** What stands in the way: another reservation, work on a card, a card that is down. */
export const BLOCKER_KINDS = ['reservation', 'maintenance', 'repair'] as const;
export type BlockerKind = (typeof BLOCKER_KINDS)[number];
export type Blocker = {
  readonly kind: BlockerKind;
  /** A reservation's or a card's id. Whoever may not see it gets the count alone. */
  readonly id: string;
  readonly organisationId: string | null;
  readonly cards: number;
  /** When it is over; null when nobody knows. */
  readonly until: Instant | null;
};

/** How much stands in the way, of everybody's. */
export type Tally = { readonly count: number; readonly cards: number };
export type Tallies = Readonly<Record<BlockerKind, Tally>>;
export const NOTHING_BLOCKED: Tallies = {
  reservation: { count: 0, cards: 0 },
  maintenance: { count: 0, cards: 0 },
  repair: { count: 0, cards: 0 },
};

/** A change of the wish that would start at `startAt`, or so the plan says at the moment of the decision. */
export type Sooner =
  | { readonly change: 'looserTopology'; readonly value: TopologyWish; readonly startAt: Instant }
  | { readonly change: 'fewerCards'; readonly value: number; readonly startAt: Instant }
  /** The length in seconds; of an extension, how much longer. */
  | { readonly change: 'shorter'; readonly value: number; readonly startAt: Instant }
  /** The pool's id. From the published tables: a hint, where the others are proven. */
  | { readonly change: 'otherPool'; readonly value: string; readonly startAt: Instant };

/** Why something waits or was refused: what everybody may read who may read the thing itself. */
export type Explanation = {
  readonly token: Token;
  /** Cards asked for; 0 where it is not about cards. */
  readonly needed: number;
  /** Numbers of this reason, named with their units. */
  readonly numbers: Readonly<Record<string, number | string | null>>;
  /** Null where nobody had to look for room. */
  readonly free: FreePerLevel | null;
  readonly blocked: Tallies;
  /** The first start that works for the wish as it is; null when none was found or none was looked for. */
  readonly earliestStartAt: Instant | null;
  readonly sooner: readonly Sooner[];
};

/** An explanation with what blocks by name. Names are kept apart: the database shows each tenant its own. */
export type Explained = { readonly explanation: Explanation; readonly blockers: readonly Blocker[] };

/** What the plan is asked about a promise that found no room. */
export type RoomQuestion = {
  readonly candidate: PromiseView;
  /** A start at or before this has its cards bound at once. */
  readonly bindsBefore: Instant;
  /** Shorter lengths that are sold, in seconds, rising. */
  readonly shorterSeconds: readonly number[];
  /** The cards that take no new work, by ordinal and by what keeps them from it. */
  readonly away: { readonly maintenance: readonly number[]; readonly repair: readonly number[] };
  /** The start that the refusal names, to be proven; null when it found none. */
  readonly earliestStartAt: Instant | null;
};

/** Another promise in the way, as the plan knows it. */
export type PlanBlocker = { readonly id: string; readonly cards: number; readonly until: Instant | null };

/** What the plan answers. Every suggestion of `sooner` and the earliest start were placed, and taken back. */
export type RoomFacts = {
  readonly holding: readonly Token[];
  readonly free: FreePerLevel | null;
  /** The first to be over come first, a few of them. */
  readonly blockers: readonly PlanBlocker[];
  readonly blocked: Tally;
  readonly earliestStartAt: Instant | null;
  readonly sooner: readonly Sooner[];
};
