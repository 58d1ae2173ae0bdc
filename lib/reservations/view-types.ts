import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Booked, ReservationState } from './types.ts';
import type { EventKind } from './decision-types.ts';

/** A reservation as its pages show it, whatever its state. */
export type ReservationView = Omit<Booked, 'state' | 'lost'> & {
  readonly poolId: Id<'pool'>;
  readonly state: ReservationState;
  readonly missingCards: number;
  readonly endedAt: Instant | null;
  readonly endReason: 'term' | 'released' | 'refunded' | 'cancelled' | 'funds' | 'transferred' | null;
  readonly settledAt: Instant | null;
};

/** Something that happened to a reservation. */
export type EventView = {
  readonly at: Instant;
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, string | number | null>>;
};

/** A card that a reservation has or had. */
export type AllocationView = {
  readonly allocationId: Id<'allocation'>;
  readonly cardId: Id<'card'>;
  readonly serverId: Id<'server'>;
  readonly serverPath: string;
  readonly slot: number;
  readonly uuid: string;
  readonly health: string;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
};
