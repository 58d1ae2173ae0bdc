import type { Id } from '#lib/core/id.ts';
import type { Units } from '#lib/core/money.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Month, monthOf } from '#lib/core/period.ts';
import { Book, type CardState } from '#lib/reservations/book.ts';
import type { MaintenanceWindow } from '#lib/reservations/maintenance-types.ts';
import type { Job } from '#lib/reservations/queue/types.ts';
import { autoExtendDueAt } from '#lib/reservations/auto-extend.ts';
import { type Booked, type CatalogView, RENEW_LEAD_SECONDS } from '#lib/reservations/types.ts';
import type { Bound, Share } from '#lib/reservations/planner-types.ts';
import type { PoolTopology } from '#lib/scheduler/types.ts';
import { Mind } from './mind.ts';

/** What a new leader reads before it can decide. */
export type MindParts = {
  /** When: from its hour on, what is free is known hour by hour. */
  readonly now: Instant;
  readonly poolId: Id<'pool'>;
  readonly cards: readonly CardState[];
  readonly topology: PoolTopology;
  readonly catalog: CatalogView;
  /** What organisations and projects have set aside, by Shanghai month. */
  readonly committed: readonly { readonly holderId: string; readonly month: Month; readonly amount: Units }[];
  /** The live reservations, oldest first. */
  readonly live: readonly { readonly reservation: Booked; readonly shares: readonly Share[] }[];
  readonly bindings: readonly Bound[];
  /** Maintenance windows that are not over. */
  readonly windows?: readonly MaintenanceWindow[];
  readonly queue?: QueueParts;
};

/** The queue as the rows have it. */
export type QueueParts = {
  readonly jobs: readonly Job[];
  readonly lastSequence: number;
  /** Card-seconds that accounts used by the hour, as long as they still count. */
  readonly used: readonly { readonly accountId: string; readonly hourAt: Instant; readonly cardSeconds: bigint }[];
};

/**
 * The first month that decisions to come may ask about: what falls due while nobody leads is decided at its own time, and
 * held hours and extensions of that time count for its month.
 */
export function committedSince(live: readonly Booked[], now: Instant): Month {
  let since = now;
  for (const reservation of live) {
    const { heldUntil } = reservation;
    const renewAt = heldUntil === null ? null : plusSeconds(heldUntil, -RENEW_LEAD_SECONDS);
    for (const dueAt of [renewAt, autoExtendDueAt(reservation)]) if (dueAt !== null && dueAt < since) since = dueAt;
  }
  return monthOf(since);
}

/** The memory of a pool's leader from what is written of the pool: the same parts give the same mind. */
export function buildMind(parts: MindParts): Mind {
  const book = new Book(parts.poolId, parts.cards, parts.catalog);
  for (const { holderId, month, amount } of parts.committed) book.restoreCommitted(holderId, month, amount);
  if (parts.queue) restoreQueue(book, parts.queue);
  const mind = new Mind(book, parts.topology);
  for (const { reservation, shares } of parts.live) mind.apply({ kind: 'reservationAdded', reservation, shares });
  for (const binding of parts.bindings) mind.apply({ kind: 'cardsBound', bindings: [binding] });
  for (const window of parts.windows ?? []) mind.apply({ kind: 'windowChanged', window });
  mind.advanceTo(parts.now);
  return mind;
}

function restoreQueue({ queue }: Book, parts: QueueParts): void {
  for (const job of parts.jobs) queue.restore(job);
  queue.lastSequence = parts.lastSequence;
  for (const { accountId, hourAt, cardSeconds } of parts.used) queue.restoreUsed(accountId, hourAt, cardSeconds);
}
