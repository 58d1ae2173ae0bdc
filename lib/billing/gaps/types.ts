import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** A clock hour of a card that the hourly run has passed and that has no charge. */
export type GapHour = {
  readonly allocationId: string;
  readonly hourAt: Instant;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly cardId: string;
  /** What would be charged now: proven seconds, those of a left term, those without proof, and the amount. */
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly downSeconds: number;
  readonly amountUnits: Units;
  readonly isSettled: boolean;
  /** The waiver that waits for its second person; null without one. */
  readonly waiver: HourWaiver | null;
};

export const WAIVER_STATES = ['proposed', 'agreed', 'declined'] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/** Somebody's word that an hour is not to be paid, and what became of it. */
export type HourWaiver = {
  readonly id: Id<'hourWaiver'>;
  readonly allocationId: string;
  readonly hourAt: Instant;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly reason: string;
  readonly state: WaiverState;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly proposedAt: Instant;
  readonly decidedByName: string | null;
  readonly decidedAt: Instant | null;
};

/** Which hour: an allocation and a clock hour as ISO text. */
export const gapInput = z.object({ allocationId: z.string().max(60), hour: z.string().max(30) });
export const waiverInput = z.object({ reason: z.string().trim().min(5).max(500) });
export type GapKey = z.infer<typeof gapInput>;

/** Why a gap hour is not charged or waived, in the order of the checks. */
export type GapRefusal =
  | { readonly code: 'gapUnknown' }
  | { readonly code: 'gapWaiverWaits' }
  /** Of a term that was refunded in full: it is waived, not charged. */
  | { readonly code: 'gapOfRefunded' }
  | { readonly code: 'gapUnpaid' }
  | { readonly code: 'waiverUnknown' }
  | { readonly code: 'waiverDecided' }
  | { readonly code: 'waiverSamePerson' };

/** What charging all gaps of a month came to. */
export type GapsCharged = {
  readonly charged: number;
  readonly amountUnits: Units;
  /** Hours that a wallet could not pay, or that wait for the second person of a waiver. */
  readonly left: number;
};
