import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** What the device says. */
export const HEALTHS = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const;
export type Health = (typeof HEALTHS)[number];
/** Whether new work may come. */
export type Schedulability = 'schedulable' | 'cordoned';
/** Whether it is on sale. */
export type Commercial = 'on-sale' | 'withheld';

/** The levels that the seed makes. The code reads levels from the database; only the depth below a site matters. */
export const LEVELS = ['region', 'site', 'pod', 'supernode', 'server'] as const;
export type LevelId = (typeof LEVELS)[number];

export type LocalName = { readonly zh: string; readonly en: string };

/** A card of a pool as its mind and the device layer know it. */
export type FleetCard = {
  readonly id: Id<'card'>;
  readonly ordinal: number;
  readonly serverOrdinal: number;
  readonly serverId: Id<'server'>;
  readonly slot: number;
  readonly uuid: string;
  readonly serial: string;
  readonly pciBusId: string;
  readonly numaNode: number;
  readonly health: Health;
  /** False while the device layer would refuse new work on it, however healthy it is. */
  readonly takesNewWork: boolean;
  readonly schedulability: Schedulability;
  readonly commercial: Commercial;
};

export type FleetServer = {
  readonly id: Id<'server'>;
  readonly ordinal: number;
  readonly supernodeId: string;
  readonly podId: string;
  readonly driverVersion: string;
  readonly driverKind: string;
};

/** A pool with its servers and cards, both in ordinal order. */
export type PoolFleet = {
  readonly poolId: Id<'pool'>;
  readonly siteId: Id<'site'>;
  readonly modelId: string;
  readonly servers: readonly FleetServer[];
  readonly cards: readonly FleetCard[];
};

/** A card that a device reports on, for the fault queue. */
export type FaultReport = {
  readonly cardId: Id<'card'>;
  readonly kind: string;
  readonly xid: number | null;
  readonly severity: 'warning' | 'fatal';
  /** What heals it, in the words of the device layer. */
  readonly action: string;
  readonly at: Instant;
};
