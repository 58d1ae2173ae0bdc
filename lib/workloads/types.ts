import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

export const WORKLOAD_STATES = ['submitted', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const;
export type WorkloadState = (typeof WORKLOAD_STATES)[number];

/** What may be done in which state. */
export const WORKLOAD_CAN = { cancel: ['submitted', 'running'] } as const satisfies Record<
  string,
  readonly WorkloadState[]
>;

export const WALLTIME_SECONDS_MIN = 60;
export const WALLTIME_SECONDS_MAX = 90 * 86_400;

export const workloadInput = z.object({
  reservationId: z.string().max(64),
  name: z.string().trim().min(1).max(80),
  imageId: z.string().max(64),
  command: z.string().trim().min(1).max(4_000),
  cards: z.number(),
  walltimeSeconds: z.number(),
});
export type WorkloadInput = z.infer<typeof workloadInput>;

/** Why a workload ended as it did; null while it has not. */
export type EndReason =
  | 'exited'
  | 'walltime'
  | 'cancelledByUser'
  | 'reservationEnded'
  | 'cardLost'
  | 'cardsGone'
  | 'hostLost';

export type Workload = {
  readonly id: Id<'workload'>;
  readonly organisationId: Id<'organisation'>;
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly imageId: Id<'image'>;
  readonly command: string;
  readonly cards: number;
  readonly walltimeSeconds: number;
  readonly state: WorkloadState;
  readonly reason: EndReason | null;
  readonly exitCode: number | null;
  readonly isCancelAsked: boolean;
  readonly submittedAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly cardIds: readonly string[];
};

export type WorkloadRefusal =
  | { readonly code: 'reservationUnknown' }
  | { readonly code: 'reservationNotInState'; readonly state: string }
  | { readonly code: 'imageUnknown' }
  | { readonly code: 'imageIncompatible' }
  | { readonly code: 'cardsOutOfRange'; readonly cardsMax: number }
  | { readonly code: 'walltimeOutOfRange' }
  | { readonly code: 'workloadUnknown' }
  | { readonly code: 'workloadNotInState'; readonly state: WorkloadState };

/** A workload as its pages show it. */
export type WorkloadView = Workload & {
  readonly reservationName: string;
  /** `user:…` or `key:…`. */
  readonly submittedBy: string;
};

/** A card that a workload runs or ran on. */
export type WorkloadCard = {
  readonly cardId: string;
  readonly serverPath: string;
  readonly slot: number;
  readonly uuid: string;
};

/** A workload with its cards and what it printed. */
export type WorkloadDetail = WorkloadView & { readonly cardList: readonly WorkloadCard[]; readonly log: string };

/** A workload with the cards it runs on, grouped by server. */
export type Launch = {
  readonly workloadId: string;
  readonly command: string;
  readonly walltimeSeconds: number;
  readonly servers: readonly { readonly serverId: string; readonly uuids: readonly string[] }[];
  /** Seconds it has run already, when it is taken over after a restart of the engine. */
  readonly ranSeconds: number;
};

/** What a backend says of a workload, at once and repeatably. */
export type RunStatus =
  | { readonly state: 'running' }
  | { readonly state: 'ended'; readonly reason: EndReason; readonly exitCode: number | null; readonly at: Instant }
  | { readonly state: 'gone' };

/** Where workloads run: the simulated hosts now; Slurm or Kubernetes by the same four calls. Idempotent by workload id. */
export interface ExecutionBackend {
  /** Starts it on all its servers or on none. Rejects when a server refuses. */
  launch(launch: Launch): Promise<void>;
  status(workloadId: string): RunStatus;
  /** Asks it to stop; ending what is gone succeeds. */
  stop(workloadId: string, reason: EndReason): void;
  /** Forgets an ended workload. */
  forget(workloadId: string): void;
}
