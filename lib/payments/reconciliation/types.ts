import type { Instant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import type { Units } from '#lib/core/money.ts';

/** What moves: each has rows of ours on one side and journals on the other. */
export const FLOWS = ['arrived', 'matched', 'returned', 'toppedUp', 'refunded'] as const;
export type Flow = (typeof FLOWS)[number];

/** What stands at the end: rows of ours on one side, an account on the other. */
export const STANDS = ['bank', 'suspense'] as const;
export type Stand = (typeof STANDS)[number];

/** How much and how many, by one source. */
export type Side = { readonly count: number; readonly sumUnits: Units };

/** The same thing as two sources have it; null: this one does not have it. */
export type Difference = {
  readonly flow: Flow;
  /** The business key of the journal, which both sides know. */
  readonly key: string;
  readonly rowUnits: Units | null;
  readonly journalUnits: Units | null;
  readonly journalId: string | null;
  /** The bank line behind it, where there is one. */
  readonly bankLineId: string | null;
  readonly at: Instant;
};

export type DifferenceKind = 'journalMissing' | 'rowMissing' | 'amountDiffers';

export type FlowTotals = { readonly flow: Flow; readonly rows: Side; readonly journals: Side };
export type StandTotals = { readonly stand: Stand; readonly rowsUnits: Units; readonly accountUnits: Units };

/** A day or a month of bank lines, provider's settlements and the ledger, held against each other. */
export type Reconciliation = {
  readonly period: string;
  readonly interval: ClosedInterval;
  readonly flows: readonly FlowTotals[];
  readonly stands: readonly StandTotals[];
  /** The oldest first, so many at most; the first is the one to work on. */
  readonly differences: readonly Difference[];
};
