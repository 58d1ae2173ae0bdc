import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ConditionCounts } from './condition.ts';
import type { Commercial, Health, LocalName, Schedulability } from './types.ts';

// What the pages of ops are shown. Staff see across organisations; nothing here goes to customers.

/** A pool with what its cards do now. */
export type PoolView = {
  readonly id: Id<'pool'>;
  readonly siteId: string;
  readonly siteName: LocalName;
  readonly modelId: string;
  readonly modelName: string;
  readonly servers: number;
  readonly counts: ConditionCounts;
};

export type PlaceRef = {
  readonly id: string;
  readonly level: string;
  readonly name: LocalName;
  readonly path: string;
};

export type PlaceRow = PlaceRef & { readonly counts: ConditionCounts };

/** A place with the places above it, and those in it. A server has no places in it, but cards. */
export type PlaceView = PlaceRow & {
  readonly ancestors: readonly PlaceRef[];
  readonly children: readonly PlaceRow[];
};

/** Who has a card, or is bound to have it next. */
export type HolderView = {
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
  readonly isRunning: boolean;
};

/** Newest readings of a card in use. Null stands for what the device did not tell. */
export type ReadingView = {
  readonly sampledAt: Instant;
  readonly utilPct: number | null;
  readonly tempC: number | null;
  readonly powerMw: number | null;
  readonly memUsedBytes: number | null;
  readonly memUsableBytes: number | null;
};

export type CardRow = {
  readonly id: Id<'card'>;
  readonly poolId: Id<'pool'>;
  readonly serverId: Id<'server'>;
  readonly serverPath: string;
  readonly ordinal: number;
  readonly slot: number;
  readonly uuid: string;
  readonly serial: string;
  readonly health: Health;
  readonly takesNewWork: boolean;
  readonly schedulability: Schedulability;
  readonly commercial: Commercial;
  readonly holder: HolderView | null;
  readonly reading: ReadingView | null;
  /** The open fault that matters most. */
  readonly fault: FaultRef | null;
};

export type FaultRef = {
  readonly kind: string;
  readonly xid: number | null;
  readonly severity: 'warning' | 'fatal';
  /** What heals it, in the words of the device layer. */
  readonly action: string;
};

export type FaultView = FaultRef & {
  readonly id: Id<'fault'>;
  readonly cardId: Id<'card'>;
  readonly uuid: string;
  readonly slot: number;
  readonly poolId: Id<'pool'>;
  readonly serverId: Id<'server'>;
  readonly serverPath: string;
  readonly count: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  readonly resolvedAt: Instant | null;
  /** Who has the card now, if it was not replaced yet. */
  readonly holder: HolderView | null;
};

export type ServerView = {
  readonly id: Id<'server'>;
  readonly poolId: Id<'pool'>;
  readonly place: PlaceRef;
  readonly ancestors: readonly PlaceRef[];
  readonly modelName: string;
  readonly driverVersion: string;
  readonly driverKind: string;
  readonly counts: ConditionCounts;
  readonly cards: readonly CardRow[];
};

export type AllocationRow = Omit<HolderView, 'isRunning'> & {
  readonly id: Id<'allocation'>;
  readonly state: 'past' | 'running' | 'next';
};

export type OutageView = {
  readonly kind: 'cordoned' | 'down';
  readonly startAt: Instant;
  readonly endAt: Instant | null;
  readonly reason: string;
  readonly actor: string;
};

export type CardView = CardRow & {
  readonly place: PlaceRef;
  readonly ancestors: readonly PlaceRef[];
  readonly modelName: string;
  readonly driverKind: string;
  readonly pciBusId: string;
  readonly numaNode: number;
  readonly inServiceAt: Instant;
  readonly allocations: readonly AllocationRow[];
  readonly outages: readonly OutageView[];
  readonly faults: readonly FaultView[];
};

/** What to take out or put back: single cards, or every card of a place (a server, a supernode, a pod). */
export type CordonTarget =
  | { readonly kind: 'cards'; readonly ids: readonly string[] }
  | { readonly kind: 'place'; readonly id: string };

/** A reservation that a cordon touches: running ones keep their cards, planned ones move where there is room. */
export type TouchedReservation = {
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly organisationName: string;
  readonly touch: 'running' | 'bound' | 'planned';
  readonly cards: number;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
};

export type CordonPreview = {
  readonly poolId: Id<'pool'>;
  readonly cards: number;
  readonly alreadyCordoned: number;
  readonly touched: readonly TouchedReservation[];
};

export type SearchHit =
  | { readonly kind: 'place'; readonly id: string; readonly level: string; readonly path: string }
  | {
      readonly kind: 'card';
      readonly id: Id<'card'>;
      readonly uuid: string;
      readonly serial: string;
      readonly path: string;
      readonly slot: number;
    };
