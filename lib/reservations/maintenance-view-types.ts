import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { Handling, Reach, WindowCardState, WindowState } from './maintenance-types.ts';

// What the pages of ops are shown of maintenance. Staff see across organisations; nothing here goes to customers.

/** A window in a list: where it is, when, and how its cards stand. */
export type WindowRow = {
  readonly id: Id<'maintenanceWindow'>;
  readonly poolId: Id<'pool'>;
  readonly interval: Interval;
  readonly handling: Handling;
  readonly reason: string;
  readonly state: WindowState;
  readonly plannedBy: string;
  readonly plannedAt: Instant;
  readonly endedAt: Instant | null;
  /** The places of its cards: servers, by their paths. */
  readonly servers: readonly { readonly id: string; readonly path: string }[];
  readonly counts: Readonly<Record<WindowCardState, number>>;
};

/** A reservation that a plan hits, by name. */
export type HitView = {
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly organisationName: string;
  readonly interval: Interval;
  readonly cards: number;
  /** How many of them would go how far. */
  readonly moves: Readonly<Record<Reach, number>>;
  readonly stuckCards: number;
};

export type PromiseHitView = Pick<HitView, 'reservationId' | 'name' | 'organisationName' | 'interval' | 'cards'> & {
  /** The servers that it would move to, by path; null when it fits nowhere. */
  readonly servers: readonly string[] | null;
};

/** A drain plan as it is read before it is confirmed. */
export type DrainPlanView = {
  readonly id: Id<'drainPlan'>;
  readonly poolId: Id<'pool'>;
  readonly cards: number;
  readonly servers: WindowRow['servers'];
  readonly interval: Interval;
  readonly planVersion: bigint;
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly hits: readonly HitView[];
  readonly promises: readonly PromiseHitView[];
  readonly emptyAt: Instant | null;
  readonly sellableCards: number;
  readonly freeBefore: number;
  readonly freeAfter: number;
};

/** The spares of a pool: how many are kept, how many work and are nobody's, how many stand in for a failed card. */
export type SparesView = {
  readonly poolId: Id<'pool'>;
  readonly shareBps: number;
  readonly cards: number;
  readonly ready: number;
  readonly inUse: number;
  /** Cards of the pool that are sold. */
  readonly onSale: number;
  /** Who set the share last, and when; null: as the pool was built. */
  readonly setBy: string | null;
  readonly setAt: Instant | null;
};

/** What another share of spares would do to a pool, as it stands now. */
export type SparesPreview = {
  readonly poolId: Id<'pool'>;
  readonly before: { readonly shareBps: number; readonly spares: number; readonly onSale: number };
  readonly after: { readonly shareBps: number; readonly spares: number; readonly onSale: number };
  /** Cards that are missing because somebody has them: more than none means that it would be refused. */
  readonly short: number;
};
