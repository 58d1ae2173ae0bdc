import type { QueueTier } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import type { Topology } from '#lib/core/topology.ts';
import type { Dismissal, Waiting } from './types.ts';

/** A job's life as people see it; `done` is a started job whose reservation is over. */
export const JOB_STATES = ['queued', 'started', 'done', 'refused', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What may be done in which state: one that waits is taken back, one that runs is ended. */
export const JOB_CAN = { cancel: ['queued', 'started'] } as const satisfies Record<string, readonly JobState[]>;

/** A job as its pages show it. */
export type JobView = {
  readonly id: Id<'job'>;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly projectId: Id<'project'> | null;
  readonly projectName: string | null;
  readonly poolId: Id<'pool'>;
  readonly skuId: Id<'sku'>;
  readonly name: string;
  readonly tier: QueueTier;
  readonly cards: number;
  readonly topology: Topology;
  readonly walltimeSeconds: number;
  readonly deadlineAt: Instant | null;
  readonly priceCapE10: PriceE10 | null;
  readonly imageId: Id<'image'>;
  readonly command: string;
  readonly state: JobState;
  /** `user:…` or `key:…`. */
  readonly submittedBy: string;
  readonly submittedAt: Instant;
  /** Why it waits, as the engine last found it. */
  readonly waiting: Waiting | null;
  readonly dismissal: Dismissal | null;
  readonly explainedAt: Instant | null;
  /** When it left the queue. */
  readonly decidedAt: Instant | null;
  readonly reservationId: Id<'reservation'> | null;
  readonly reservationState: string | null;
  readonly endReason: string | null;
  readonly startAt: Instant | null;
  /** When it is ended at the latest, and when it did end. */
  readonly endAt: Instant | null;
  readonly endedAt: Instant | null;
  /** A flex job that was asked to be gone by then. */
  readonly leaveAt: Instant | null;
  readonly workloadState: string | null;
};

/** One pool's queue at a glance, for staff. */
export type PoolQueue = {
  readonly poolId: Id<'pool'>;
  readonly waiting: number;
  readonly waitingCards: number;
  readonly running: number;
  readonly runningCards: number;
  readonly leaving: number;
  /** When the job that waits longest was submitted. */
  readonly oldestAt: Instant | null;
  readonly head: { readonly id: Id<'job'>; readonly cards: number; readonly startAt: Instant | null } | null;
  /** How many jobs wait for which reason. */
  readonly reasons: readonly { readonly reason: string; readonly jobs: number }[];
};
