import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What the device says. */
export const HEALTHS = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const;
export type Health = (typeof HEALTHS)[number];
/** Whether it is on sale; a spare is not, because it stands in for cards that fail. */
export const COMMERCIALS = ['on-sale', 'withheld', 'spare'] as const;
export type Commercial = (typeof COMMERCIALS)[number];

/** A column's word as what it stands for; the database keeps it to the set. */
export function commercialFrom(text: string): Commercial {
  return COMMERCIALS.find((word) => word === text) ?? 'on-sale';
}

/** The levels that the seed makes. The code reads levels from the database; only the depth below a site matters. */
export const LEVELS = ['region', 'site', 'pod', 'supernode', 'server'] as const;
export type LevelId = (typeof LEVELS)[number];

/** Why a card takes no new work for a while: what people decided, or what its device says. */
export type OutageKind = Exclude<Lifecycle, 'in_service'> | 'down' | 'blocked' | 'probation';

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
  /** It was down and is up again, but gets no new work before this. */
  readonly probationUntil: Instant | null;
  readonly lifecycle: Lifecycle;
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
