import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Topology } from '#lib/core/topology.ts';
import type { ReservationState } from './types.ts';

/** A reservation as staff see it: with whose it is. */
export type StaffReservation = {
  readonly id: Id<'reservation'>;
  readonly name: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly poolId: Id<'pool'>;
  readonly purchase: 'by-hour' | 'by-card';
  readonly cards: number;
  readonly topology: Topology;
  readonly state: ReservationState;
  readonly isBound: boolean;
  readonly missingCards: number;
  readonly startAt: Instant;
  readonly endAt: Instant | null;
  /** When it was over, which may be before its end. */
  readonly endedAt: Instant | null;
};

export type StaffFilter = {
  readonly states: readonly ReservationState[];
  readonly poolId: string | null;
  /** A reservation's id, or a part of its name or of its organisation's. */
  readonly text: string;
};
