import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ConditionCounts } from './condition.ts';
import type { ActVerdict, CardAct, Lifecycle } from './lifecycle.ts';
import type { Commercial, Health, LocalName, OutageKind } from './types.ts';

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
  /** It was down and is up again, but gets no new work before this. */
  readonly probationUntil: Instant | null;
  readonly lifecycle: Lifecycle;
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

/** A card's fault case, for the history of the card. */
export type FaultView = FaultRef & {
  readonly id: Id<'fault'>;
  readonly incidentId: Id<'fault'>;
  readonly count: number;
  readonly firstSeenAt: Instant;
  readonly resolvedAt: Instant | null;
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

/** Something a person did with a card. */
export type TransitionView = {
  readonly act: CardAct;
  readonly from: Lifecycle;
  readonly to: Lifecycle;
  readonly at: Instant;
  readonly reason: string;
  readonly actor: string;
};

export type OutageView = {
  readonly kind: OutageKind;
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
  readonly transitions: readonly TransitionView[];
  readonly faults: readonly FaultView[];
};

/** What an act is aimed at: single cards, or every card of a place (a server, a supernode, a pod). */
export type ActTarget =
  | { readonly kind: 'cards'; readonly ids: readonly string[] }
  | { readonly kind: 'place'; readonly id: string };

/** A reservation on cards that are acted on: running ones keep their cards, planned ones move where there is room. */
export type TouchedReservation = {
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly organisationName: string;
  readonly touch: 'running' | 'bound' | 'planned';
  readonly cards: number;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
};

export type ActPreview = {
  readonly poolId: Id<'pool'>;
  readonly cards: number;
  /** How many cards the act would move, leave, or be refused for. */
  readonly verdicts: Readonly<Record<ActVerdict, number>>;
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
