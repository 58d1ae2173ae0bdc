import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { PriceE10, Units } from '#lib/core/money.ts';
import type { Topology } from '#lib/core/topology.ts';
import type { Share } from './types.ts';

/** Who goes first, and who may be asked to leave: `flex` jobs run in gaps and end when they are given notice. */
export const QUEUE_TIERS = ['urgent', 'standard', 'flex'] as const;
export type QueueTier = (typeof QUEUE_TIERS)[number];

/** A job that waits for cards. All of its cards come at once or none do. */
export type QueuedJob = {
  readonly id: string;
  /** Order of arrival, unique in the queue: the last tie-break of every order. */
  readonly sequence: number;
  /** The organisation and project whose quota, limit and past use count; a key of {@link QueueSnapshot.accounts}. */
  readonly accountId: string;
  readonly tier: QueueTier;
  readonly cards: number;
  /** How its cards lie; `any` is on as few servers as hold them. */
  readonly topology: Topology;
  /** The longest it may run; it is ended then. */
  readonly walltimeMs: number;
  readonly submittedAt: Instant;
  /** It must be over by then, or it is not wanted at all. */
  readonly deadlineAt: Instant | null;
  /** It waits while the price is above this; null: at any price. */
  readonly priceCapE10: PriceE10 | null;
};

/** A job that holds cards, until `endAt` at the latest. */
export type RunningJob = {
  readonly id: string;
  readonly accountId: string;
  readonly tier: QueueTier;
  readonly startedAt: Instant;
  readonly endAt: Instant;
  readonly shares: readonly Share[];
  /** A flex job that has been told to leave; its `endAt` is the end of the notice. */
  readonly isLeaving: boolean;
};

/** Capacity that is promised to a reservation, or kept by a maintenance window: the queue plans around it and never into it. */
export type PromisedBlock = { readonly interval: Interval; readonly shares: readonly Share[] };

/** What an organisation's project may take, and what it has taken. */
export type QueueAccount = {
  /** Cards that it may hold at one time through the queue; also its share when usage is weighed. */
  readonly quotaCards: number;
  /** What it may still spend; null: no limit. */
  readonly limitLeftUnits: Units | null;
  readonly usage: DecayedUsage;
};

/** Card-seconds used, halved every seven days, as of an instant. */
export type DecayedUsage = { readonly cardSeconds: bigint; readonly asOf: Instant };

/** One pool and its queue at one instant: all that a round of planning reads. */
export type QueueSnapshot = {
  readonly now: Instant;
  /** Cards of a whole server of the pool. */
  readonly serverSize: number;
  /** Usable cards of each server, by ordinal. */
  readonly serverCards: readonly number[];
  /** The servers of each supernode. */
  readonly supernodes: readonly (readonly number[])[];
  /** Cards of the largest supernodes, all well: only those are given whole. */
  readonly supernodeSize: number;
  readonly running: readonly RunningJob[];
  readonly promises: readonly PromisedBlock[];
  readonly queue: readonly QueuedJob[];
  readonly accounts: ReadonlyMap<string, QueueAccount>;
  /** What a card-hour costs now. */
  readonly priceE10: PriceE10;
};

/** Whether later jobs may start before an earlier one that waits, and in which order jobs are asked. */
export type QueuePolicy = {
  readonly rank: (snapshot: QueueSnapshot) => (job: QueuedJob) => QueueRank;
  readonly backfill: 'none' | 'easy';
  /** Flex jobs are told this long before they must be gone. */
  readonly flexNoticeMs: number;
};

/**
 * Where a job stands: smaller bands first, within a band smaller keys, then the earlier submission, then the earlier
 * arrival. Whole numbers, so that the order is total and the same everywhere.
 */
export type QueueRank = { readonly band: number; readonly key: number };

/** Why a job is not even considered this round. `deadlineMissed` and `neverFits` are final. */
export const QUEUE_REFUSALS = [
  'neverFits',
  'deadlineMissed',
  'priceAboveCap',
  'quotaExceeded',
  'spendingLimitReached',
] as const;
export type QueueRefusal = (typeof QUEUE_REFUSALS)[number];

/** Why a job that was considered did not start, in the order in which the reasons are looked for. */
export type QueueWait = 'firstInLine' | 'tooFewCards' | 'fragmented' | 'tooLongForGap' | 'wouldDelayFirst';

export type QueueStart = { readonly jobId: string; readonly shares: readonly Share[]; readonly endAt: Instant };

/** What one round decides. Whoever waits without appearing here is asked about with `explainWait`. */
export type QueuePlan = {
  readonly starts: readonly QueueStart[];
  /**
   * The first job in line that cannot start yet, with the instant by which it will: nothing started now delays it. No
   * instant is known while something without an end stands in its way.
   */
  readonly head: { readonly jobId: string; readonly startAt: Instant | null } | null;
  /** Flex jobs to be told to leave, with the end of their notice. */
  readonly notices: readonly { readonly jobId: string; readonly endAt: Instant }[];
  readonly refused: readonly { readonly jobId: string; readonly refusal: QueueRefusal }[];
  /** Everybody who was considered, in the order in which they are asked. */
  readonly line: readonly QueuedJob[];
};
