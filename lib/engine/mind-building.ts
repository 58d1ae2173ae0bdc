import type { Id } from '#lib/core/id.ts';
import type { Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Book, type CardState } from '#lib/reservations/book.ts';
import type { Booked, Bound, CatalogView, Share } from '#lib/reservations/types.ts';
import type { PoolTopology } from '#lib/scheduler/types.ts';
import { Mind } from './mind.ts';

/** What a new leader reads before it can decide. */
export type MindParts = {
  readonly poolId: Id<'pool'>;
  readonly cards: readonly CardState[];
  readonly topology: PoolTopology;
  readonly catalog: CatalogView;
  /** What organisations have set aside, by Shanghai month. */
  readonly committed: readonly { readonly organisationId: string; readonly month: Month; readonly amount: Units }[];
  /** The live reservations, oldest first. */
  readonly live: readonly { readonly reservation: Booked; readonly shares: readonly Share[] }[];
  readonly bindings: readonly Bound[];
};

/** The memory of a pool's leader from what is written of the pool: the same parts give the same mind. */
export function buildMind(parts: MindParts): Mind {
  const book = new Book(parts.poolId, parts.cards, parts.catalog);
  for (const { organisationId, month, amount } of parts.committed) book.restoreCommitted(organisationId, month, amount);
  const mind = new Mind(book, parts.topology);
  for (const { reservation, shares } of parts.live) mind.apply({ kind: 'reservationAdded', reservation, shares });
  for (const binding of parts.bindings) mind.apply({ kind: 'cardsBound', bindings: [binding] });
  return mind;
}
