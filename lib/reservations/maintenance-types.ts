import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { SPARE_BPS_MAX } from './spare-choice.ts';

/** What becomes of a booking that reaches into a window: it keeps its cards until it leaves, or gets others. */
export const HANDLINGS = ['wait', 'move'] as const;
export type Handling = (typeof HANDLINGS)[number];

/** Holders are told of a window this long before it begins, the earlier time first. */
export const NOTICE_LEADS_SECONDS = [86_400, 3_600] as const;
/** Nobody is moved with less notice than this. */
export const MOVE_NOTICE_SECONDS = 3_600;
/** Cards that are still held are looked at again when a holder's time ends, and at the latest after this: some leave early. */
export const WINDOW_RETRY_SECONDS = 600;
/** A window ends by itself within this time, or stays open until somebody ends it. */
export const WINDOW_SECONDS_MAX = 30 * 86_400;

export const WINDOW_STATES = ['planned', 'running', 'done', 'cancelled'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/** Which states a window may be ended in by hand: planned ones are called off, running ones finish early. */
export const WINDOW_IS_LIVE = {
  planned: true,
  running: true,
  done: false,
  cancelled: false,
} as const satisfies Record<WindowState, boolean>;

/**
 * A card in its window. `waiting`: the window runs and somebody still has it. `taken`: it is in maintenance by the
 * window. `returned`: back in service. `left`: still in maintenance after the window, because its device does not work.
 * `missed`: never empty while the window ran. `skipped`: people had taken it out before, so the window left it alone.
 */
export const WINDOW_CARD_STATES = ['planned', 'waiting', 'taken', 'returned', 'left', 'missed', 'skipped'] as const;
export type WindowCardState = (typeof WINDOW_CARD_STATES)[number];

/** A maintenance window as the deciding mind holds it; cards by their ordinals in the pool. */
export type MaintenanceWindow = {
  readonly id: Id<'maintenanceWindow'>;
  /** An open end lasts until somebody ends it: a drain. */
  readonly interval: Interval;
  readonly handling: Handling;
  readonly reason: string;
  readonly state: WindowState;
  readonly cards: ReadonlyMap<number, WindowCardState>;
  /** How many of `NOTICE_LEADS_SECONDS` have passed. */
  readonly noticesGiven: number;
  /** While cards are waited for: when they are looked at again. */
  readonly retryAt: Instant | null;
  readonly plannedBy: string;
  readonly plannedAt: Instant;
  readonly endedAt: Instant | null;
};

/** How far a replacement lies from the card it stands in for. */
export const REACHES = ['server', 'supernode', 'pod', 'pool'] as const;
export type Reach = (typeof REACHES)[number];

/** Where a held card's holder would go; null when nothing within the reach of its topology is free. */
export type CardMove = { readonly card: number; readonly to: { readonly card: number; readonly reach: Reach } | null };

/** A reservation that has cards of the set when it is to be emptied, or is bound to get them. */
export type DrainHit = {
  readonly reservationId: string;
  readonly interval: Interval;
  readonly moves: readonly CardMove[];
};

/** A promise without cards yet that stands on the set's servers; `servers` null when it fits nowhere else. */
export type PromiseHit = {
  readonly reservationId: string;
  readonly interval: Interval;
  readonly cards: number;
  readonly servers: readonly number[] | null;
};

/** What emptying a set of cards would do, before anything happens. */
export type DrainOutcome = {
  readonly hits: readonly DrainHit[];
  readonly promises: readonly PromiseHit[];
  /** When the set is empty if nobody is moved; null when a holder's end is open. */
  readonly emptyAt: Instant | null;
  /** Cards of the set that could be sold if they stayed: what is lost in every hour. */
  readonly sellableCards: number;
  /** Cards free in the pool at the tightest moment of the interval, as things stand and without the set. */
  readonly freeBefore: number;
  readonly freeAfter: number;
};

/** A {@link DrainOutcome} as it was worked out for somebody, kept so that what they confirm is what they saw. */
export type DrainPlan = {
  readonly id: Id<'drainPlan'>;
  readonly cards: readonly number[];
  readonly interval: Interval;
  readonly planVersion: number;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly outcome: DrainOutcome;
};

/**
 * Whom a plan hits and how, as one text: equal texts mean that what was confirmed is still what would happen. Which
 * free card stands in for which is left out: it may change without anybody being worse off.
 */
export function effectOf({ hits, promises }: DrainOutcome): string {
  const held = hits.map(({ reservationId, moves }) => {
    const stuck = moves.filter(({ to }) => to === null).length;
    return `${reservationId}:${moves.length}-${stuck}`;
  });
  const planned = promises.map(({ reservationId, servers }) => `${reservationId}:${servers ? 'moves' : 'stuck'}`);
  return [...held, ...planned].sort().join(' ');
}

const instantField = z.number().int();
const cardsField = z.array(z.string()).min(1).max(10_000);

/** Commands about drains and windows, in the union of all commands. */
export const MAINTENANCE_PAYLOADS = [
  z.object({
    kind: z.literal('planDrain'),
    drainPlanId: z.string(),
    cardIds: cardsField,
    /** Null is the second of the decision. */
    startAt: instantField.nullable(),
    endAt: instantField.nullable(),
  }),
  z.object({
    kind: z.literal('planWindow'),
    windowId: z.string(),
    cardIds: cardsField,
    startAt: instantField.nullable(),
    endAt: instantField.nullable(),
    handling: z.enum(HANDLINGS),
    reason: z.string(),
    /** {@link effectOf} of the plan that was confirmed. */
    expectedEffect: z.string(),
  }),
  z.object({ kind: z.literal('endWindow'), windowId: z.string() }),
  z.object({ kind: z.literal('setSpares'), shareBps: z.number().int().min(0).max(SPARE_BPS_MAX), reason: z.string() }),
] as const;

/** Why a drain or a window is refused, in the order in which it is checked. */
export type MaintenanceRefusal =
  | { readonly code: 'windowUnknown' }
  | { readonly code: 'windowOver' }
  | { readonly code: 'windowInPast' }
  | { readonly code: 'windowTooLong'; readonly daysMax: number }
  | { readonly code: 'noticeTooShort'; readonly minutesMin: number }
  | { readonly code: 'windowOverlaps'; readonly cards: number }
  /** The world has changed since the plan was shown. */
  | { readonly code: 'drainPlanChanged' }
  | { readonly code: 'promisesStuck'; readonly promises: number }
  | { readonly code: 'poolUnknown' }
  /** Spares are made of cards that nobody has: that many are missing. */
  | { readonly code: 'sparesTaken'; readonly needed: number; readonly free: number }
  | { readonly code: 'sparesPromised'; readonly promises: number };
