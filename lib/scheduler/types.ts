import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { Gang, Topology } from '#lib/core/topology.ts';

/** A pool's tree as flat numbers. Servers and cards are their ordinals in the pool; both arrays are in that order. */
export type PoolTopology = {
  readonly servers: readonly { readonly supernode: number; readonly pod: number }[];
  /** The server of each card. Cards of one server are neighbours. */
  readonly cardServers: readonly number[];
};

/** So many cards on one server: the grain of a promise before cards are bound. */
export type Share = { readonly server: number; readonly cards: number };

/** What a promise or a candidate asks for. */
export type PlacementRequest = {
  readonly cards: number;
  readonly topology: Topology;
  readonly gang?: Gang | undefined;
  readonly interval: Interval;
};

/** A promise as the plan holds it: shares while it is tentative, cards when it is bound. */
export type PlannedPromise = PlacementRequest & {
  readonly id: string;
  readonly shares: readonly Share[];
  readonly isBound: boolean;
};

/** A card given to a promise for an interval. */
export type Binding = {
  readonly id: string;
  readonly promiseId: string;
  readonly card: number;
  readonly interval: Interval;
};

/** Free cards per hour and level class; entry n is the hour that starts n hours after `fromHourAt`. */
export type AvailabilityTable = {
  readonly fromHourAt: Instant;
  readonly totalCards: number;
  readonly freeCards: number[];
  readonly freeServers: number[];
  readonly freeSupernodes: number[];
  readonly largestOnServer: number[];
  readonly largestOnSupernode: number[];
};
