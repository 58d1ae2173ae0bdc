import { z } from 'zod';
import { QUEUE_TIERS, type QueueTier } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import { TOPOLOGIES, type Topology } from '#lib/core/topology.ts';

/** How long a job may ask to run, and how many of an organisation may wait at one time. */
export const JOB_SECONDS_MIN = 60;
export const JOB_SECONDS_MAX = 90 * 86_400;
export const JOBS_WAITING_MAX = 1_000;

/** Why a job waits, with the numbers behind it; money in 1e-8 yuan and prices in 1e-10 yuan, as decimal texts. */
export type Waiting =
  | {
      readonly reason: 'firstInLine';
      readonly cardsNeeded: number;
      readonly cardsFree: number;
      readonly startAt: number | null;
    }
  | {
      readonly reason: 'tooFewCards' | 'fragmented' | 'tooLongForGap' | 'wouldDelayFirst';
      readonly cardsNeeded: number;
      readonly cardsFree: number;
      readonly cardsFreeOnServer: number;
      readonly cardsFreeInSupernode: number;
      /** Jobs that are asked before it. */
      readonly ahead: number;
      /** The first time with room for it if nobody ahead takes it; null when not looked for, or none is known. */
      readonly earliestStartAt: number | null;
    }
  | { readonly reason: 'poolTooSmall'; readonly cardsNeeded: number; readonly cardsUsable: number }
  /** Its start could not be written, by a fault of ours; it is tried again then. */
  | { readonly reason: 'ourFault'; readonly retryAt: number }
  | { readonly reason: 'notSold' }
  | { readonly reason: 'imageRetired' }
  | { readonly reason: 'projectClosed' }
  | { readonly reason: 'priceAboveCap'; readonly priceE10: string; readonly capE10: string }
  | {
      readonly reason: 'organisationQuota' | 'projectQuota';
      readonly cardsNeeded: number;
      readonly quota: number;
      readonly inUse: number;
    }
  | {
      readonly reason: 'organisationLimit' | 'projectLimit';
      readonly neededUnits: string;
      readonly limitUnits: string;
      readonly committedUnits: string;
    }
  | { readonly reason: 'funds'; readonly neededUnits: string; readonly availableUnits: string };
export type WaitReason = Waiting['reason'];

/** Why a job was taken out of the queue for good. */
export type Dismissal = {
  readonly reason: 'deadlineMissed';
  readonly deadlineAt: number;
  readonly walltimeSeconds: number;
};

/** A job as the deciding mind holds it: what waits, and what runs. What is over is a row only. */
export type Job = {
  readonly id: Id<'job'>;
  readonly organisationId: Id<'organisation'>;
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  /** Order of arrival in its pool. */
  readonly sequence: number;
  readonly name: string;
  readonly tier: QueueTier;
  readonly cards: number;
  /** How its cards lie; `any` is on as few servers as hold them. */
  readonly topology: Topology;
  readonly walltimeSeconds: number;
  readonly deadlineAt: Instant | null;
  readonly priceCapE10: PriceE10 | null;
  readonly imageId: Id<'image'>;
  readonly command: string;
  readonly submittedBy: string;
  readonly submittedAt: Instant;
  readonly standing:
    | { readonly state: 'queued'; readonly waiting: Waiting | null }
    | { readonly state: 'started'; readonly startAt: Instant; readonly leaveAt: Instant | null };
};

export const queueJobPayload = z.object({
  kind: z.literal('queueJob'),
  jobId: z.string(),
  projectId: z.string().nullable(),
  skuId: z.string(),
  name: z.string(),
  tier: z.enum(QUEUE_TIERS),
  cards: z.number(),
  // Commands from before topologies were asked for do not say it.
  topology: z.enum(TOPOLOGIES).default('any'),
  walltimeSeconds: z.number(),
  deadlineAt: z.number().int().nullable(),
  priceCapE10: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  imageId: z.string(),
  command: z.string(),
});
export const cancelJobPayload = z.object({ kind: z.literal('cancelQueuedJob'), jobId: z.string() });
export type QueueJobPayload = z.infer<typeof queueJobPayload>;

/** Why a job is not taken, in the order in which it is checked, and why it cannot be cancelled. */
export type JobRefusal =
  | { readonly code: 'tierNotSold' }
  | { readonly code: 'cardsOutOfRange'; readonly cardsMax: number }
  | { readonly code: 'topologyTooSmall'; readonly cardsMax: number }
  | { readonly code: 'notWholeServers'; readonly cardsPerServer: number }
  | { readonly code: 'notWholeSupernodes'; readonly cardsPerSupernode: number }
  | { readonly code: 'walltimeOutOfRange' }
  | { readonly code: 'priceCapNotPositive' }
  | { readonly code: 'deadlineTooSoon'; readonly earliestEndAt: number }
  | { readonly code: 'projectUnknown' }
  | { readonly code: 'jobAboveQuota'; readonly quota: number }
  | { readonly code: 'jobAboveLimit'; readonly limitUnits: string; readonly neededUnits: string }
  | { readonly code: 'queueFull'; readonly waitingMax: number }
  | { readonly code: 'jobUnknown' }
  | { readonly code: 'jobNotInState'; readonly state: string };

/** What decisions change in the queue. */
export type QueueChange =
  | { readonly kind: 'jobQueued'; readonly job: Job }
  | { readonly kind: 'jobsExplained'; readonly at: Instant; readonly explained: readonly Explained[] }
  | { readonly kind: 'jobStarted'; readonly job: Job; readonly startAt: Instant; readonly at: Instant }
  | { readonly kind: 'jobLeaving'; readonly jobId: Id<'job'>; readonly leaveAt: Instant }
  | { readonly kind: 'jobCancelled'; readonly jobId: Id<'job'>; readonly at: Instant }
  | { readonly kind: 'jobRefused'; readonly jobId: Id<'job'>; readonly dismissal: Dismissal; readonly at: Instant };
export type Explained = { readonly jobId: Id<'job'>; readonly waiting: Waiting };

const bodyOf = (id: string): string => id.slice(id.indexOf('_') + 1);

/** A job's reservation and workload bear its own id, so that a decision names them without chance. */
export const reservationOfJob = (id: Id<'job'>): Id<'reservation'> => `rsv_${bodyOf(id)}` as Id<'reservation'>;
export const workloadOfJob = (id: Id<'job'>): Id<'workload'> => `wkl_${bodyOf(id)}` as Id<'workload'>;
export const jobOfReservation = (id: string): Id<'job'> => `job_${bodyOf(id)}` as Id<'job'>;
