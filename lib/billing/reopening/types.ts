import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';

/** Asked for by one person, agreed to or declined by another; what was agreed to is closed again. */
export const REOPENING_STATES = ['asked', 'agreed', 'declined', 'closed'] as const;
export type ReopeningState = (typeof REOPENING_STATES)[number];

/** What counted in a month between its reopening and its next close. */
export type Corrections = {
  readonly reversals: number;
  readonly reversedUnits: Units;
  readonly creditNotes: number;
  readonly creditedUnits: Units;
};

export type Reopening = {
  readonly id: Id<'reopening'>;
  readonly month: Month;
  readonly reason: string;
  readonly state: ReopeningState;
  readonly askedBy: string;
  readonly askedByName: string;
  readonly askedAt: Instant;
  readonly decidedByName: string | null;
  readonly decidedAt: Instant | null;
  readonly closedByName: string | null;
  readonly closedAt: Instant | null;
  /** While it is open, so far; once closed, as kept; null before anybody agreed. */
  readonly corrections: Corrections | null;
};

export const reopeningInput = z.object({
  month: z.string().max(10),
  reason: z.string().trim().min(10).max(500),
});

/** Why a reopening is refused, in the order of the checks. */
export type ReopeningRefusal =
  | { readonly code: 'reopenNotClosed' }
  | { readonly code: 'reopenWaiting' }
  | { readonly code: 'reopenUnknown' }
  | { readonly code: 'reopenDecided' }
  | { readonly code: 'reopenSamePerson' }
  | { readonly code: 'reopenNotOpen' };
