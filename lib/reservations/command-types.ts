import { z } from 'zod';
import { gangSchema } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Result } from '#lib/core/result.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { cancelJobPayload, type JobRefusal, queueJobPayload } from './queue/types.ts';
import { CARD_ACTS, type LifecycleRefusal } from '#lib/inventory/lifecycle.ts';
import {
  type ChangeOnlyRefusal,
  setAutoExtendPayload,
  acceptTransferPayload,
  offerTransferPayload,
  shrinkPayload,
  withdrawTransferPayload,
} from './change-types.ts';
import { MAINTENANCE_PAYLOADS, type MaintenanceRefusal } from './maintenance-types.ts';
import type { AccountRefusal } from './on-account.ts';
import type { RefundRefusal } from './refund-terms.ts';
import type { ReservationState } from './types.ts';

const money = z.string().regex(/^\d{1,19}$/);
const instantField = z.number().int();

export const reservePayload = z.object({
  kind: z.literal('reserve'),
  reservationId: z.string(),
  quoteId: z.string(),
  /** Left out where the booking belongs to no project. */
  projectId: z.string().exactOptional(),
  name: z.string(),
  skuId: z.string(),
  priceVersionId: z.string(),
  imageId: z.string().nullable(),
  cards: z.number().int(),
  topology: z.enum(TOPOLOGIES),
  gang: z.exactOptional(gangSchema),
  startAt: instantField.nullable(),
  durationSeconds: z.number().int().nullable(),
  term: z.enum(['day', 'week', 'month']).nullable(),
  quotedUnits: money,
  quoteExpiresAt: instantField,
  /** Left out where the wallet pays. */
  payBy: z.literal('account').exactOptional(),
});
const reservationPayload = z.object({ reservationId: z.string() });
export const commandPayload = z.discriminatedUnion('kind', [
  reservePayload,
  reservationPayload.extend({ kind: z.literal('cancel') }),
  reservationPayload.extend({ kind: z.literal('release') }),
  reservationPayload.extend({ kind: z.literal('refund') }),
  reservationPayload.extend({ kind: z.literal('extend'), seconds: z.number().int(), quotedUnits: money }),
  setAutoExtendPayload,
  shrinkPayload,
  offerTransferPayload,
  withdrawTransferPayload,
  acceptTransferPayload,
  z.object({ kind: z.literal('cardAct'), act: z.enum(CARD_ACTS), cardIds: z.array(z.string()), reason: z.string() }),
  z.object({
    kind: z.literal('health'),
    /** What the device layer found: `at` is the last moment of proof. */
    changes: z.array(
      z.object({
        cardId: z.string(),
        health: z.enum(['healthy', 'degraded', 'unhealthy', 'unknown']),
        /** False when the device layer would refuse new work on it. */
        takesNewWork: z.boolean(),
        /** True when it refused to give the card to the reservation that has it. */
        isRefused: z.boolean(),
        at: instantField,
        reason: z.string(),
      }),
    ),
  }),
  z.object({ kind: z.literal('tick') }),
  ...MAINTENANCE_PAYLOADS,
  queueJobPayload,
  cancelJobPayload,
  z.object({ kind: z.literal('queue') }),
]);
/** What is asked of the mind of a pool. */
export type CommandPayload = z.infer<typeof commandPayload>;
export type ReservePayload = z.infer<typeof reservePayload>;

export type Command = {
  readonly id: Id<'command'>;
  readonly organisationId: Id<'organisation'> | null;
  readonly actor: string;
  readonly payload: CommandPayload;
};

/** Why a command is refused. For `reserve` they are checked in this order. */
export type ReservationRefusal =
  | { readonly code: 'reservationUnknown' }
  | { readonly code: 'reservationNotInState'; readonly state: ReservationState }
  | { readonly code: 'cardUnknown' }
  | LifecycleRefusal
  | MaintenanceRefusal
  | { readonly code: 'quoteExpired' }
  | { readonly code: 'priceRetired' }
  | { readonly code: 'imageIncompatible' }
  | { readonly code: 'quoteChanged' }
  | { readonly code: 'startInPast' }
  | { readonly code: 'durationOutOfRange' }
  | { readonly code: 'projectClosed' }
  | { readonly code: 'projectQuotaExceeded'; readonly quota: number; readonly inUse: number }
  | { readonly code: 'quotaExceeded'; readonly quota: number; readonly inUse: number }
  | { readonly code: 'projectLimitExceeded'; readonly limitUnits: string; readonly committedUnits: string }
  | { readonly code: 'spendingLimitExceeded'; readonly limitUnits: string; readonly committedUnits: string }
  | {
      readonly code: 'capacityExhausted';
      readonly needed: number;
      readonly free: number;
      readonly earliestStartAt: number | null;
    }
  | {
      readonly code: 'placementImpossible';
      readonly needed: number;
      readonly free: number;
      readonly earliestStartAt: number | null;
    }
  | { readonly code: 'extensionBlocked'; readonly cards: number }
  | ChangeOnlyRefusal
  | AccountRefusal
  | RefundRefusal
  | { readonly code: 'fundsInsufficient'; readonly neededUnits: string; readonly availableUnits: string }
  | JobRefusal
  /** A fault of ours kept the decision from being written; nothing changed. */
  | { readonly code: 'decisionFailed' };

/** What a command's submitter reads. */
export type Answer = Result<{ readonly reservationId: string | null }, ReservationRefusal>;
