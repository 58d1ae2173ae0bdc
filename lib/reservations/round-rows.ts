import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Booked } from './types.ts';
import type { Bound, Share } from './planner-types.ts';
import type { Change } from './decision-types.ts';

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** What moves money in the books. */
export type MoneyChange = ChangeOf<'moneyPlaced'> | ChangeOf<'moneyReturned'> | ChangeOf<'hoursCredited'>;

/** What the changes of a round come to in the tables: each row once, in its last state, ready for one statement a kind. */
export class RoundRows {
  readonly added = new Map<string, { readonly reservation: Booked; readonly shares: readonly Share[] }>();
  readonly changed = new Map<string, Booked>();
  readonly ended: ChangeOf<'reservationEnded'>[] = [];
  readonly replanned = new Map<string, readonly Share[]>();
  readonly bound = new Map<string, Bound>();
  /** New ends of allocations that were there before the round. */
  readonly ends = new Map<Id<'allocation'>, Instant | null>();
  /** Whether some of these ends may be later than they were. */
  hasLonger = false;
  /** Allocations of a running term that were given back: charged as unused to here. */
  readonly unusedUntil = new Map<Id<'allocation'>, Instant>();
  readonly events: ChangeOf<'event'>[] = [];
  readonly money: MoneyChange[] = [];
  /** Maintenance windows in their last state, and the drain plans that were made. */
  readonly windows = new Map<string, ChangeOf<'windowChanged'>['window']>();
  readonly drainPlans: ChangeOf<'drainPlanned'>['plan'][] = [];
  /** New shares of spares, in order. */
  readonly spares: ChangeOf<'sparesSet'>[] = [];
  /** Offers made and closed, in order. */
  readonly offers: (ChangeOf<'transferOffered'> | ChangeOf<'transferClosed'>)[] = [];
  readonly refunds: ChangeOf<'termRefunded'>[] = [];
  /** What happened to cards, in order: few, and each depends on the last. */
  readonly cards: (ChangeOf<'cardsMoved'> | ChangeOf<'cardHealth'>)[] = [];

  add(change: Change): void {
    switch (change.kind) {
      case 'reservationAdded':
        this.added.set(change.reservation.id, change);
        return;
      case 'reservationChanged':
        this.#changeReservation(change.reservation);
        return;
      case 'reservationEnded':
        this.ended.push(change);
        return;
      case 'replanned':
        this.#replan(change.id, change.shares);
        return;
      case 'cardsBound':
        for (const binding of change.bindings) this.bound.set(binding.id, binding);
        return;
      case 'bindingsClosed':
        if (change.unusedUntil) for (const id of change.ids) this.unusedUntil.set(id, change.unusedUntil);
        this.#setEnds(change.ids, change.endAt);
        return;
      case 'bindingsExtended':
        this.hasLonger = true;
        this.#setEnds(change.ids, change.endAt);
        return;
      case 'event':
        this.events.push(change);
        return;
      case 'moneyPlaced':
      case 'moneyReturned':
      case 'hoursCredited':
        this.money.push(change);
        return;
      case 'termRefunded':
        this.refunds.push(change);
        return;
      case 'cardsMoved':
      case 'cardHealth':
        this.cards.push(change);
        return;
      case 'windowChanged':
        this.windows.set(change.window.id, change.window);
        return;
      case 'transferOffered':
      case 'transferClosed':
        this.offers.push(change);
        return;
      case 'sparesSet':
        this.spares.push(change);
        return;
      case 'drainPlanned':
        this.drainPlans.push(change.plan);
        return;
      case 'jobQueued':
      case 'jobsExplained':
      case 'jobStarted':
      case 'jobLeaving':
      case 'jobCancelled':
      case 'jobRefused':
        // The queue's rows are its own: `queue/job-rows.ts`.
        return;
    }
  }

  #changeReservation(reservation: Booked): void {
    const own = this.added.get(reservation.id);
    if (own) this.added.set(reservation.id, { ...own, reservation });
    else this.changed.set(reservation.id, reservation);
  }

  #replan(id: string, shares: readonly Share[]): void {
    const own = this.added.get(id);
    if (own) this.added.set(id, { ...own, shares });
    else this.replanned.set(id, shares);
  }

  #setEnds(ids: readonly Id<'allocation'>[], endAt: Instant | null): void {
    for (const id of ids) {
      const own = this.bound.get(id);
      if (own) this.bound.set(id, { ...own, interval: { ...own.interval, endAt } });
      else this.ends.set(id, endAt);
    }
  }
}

/**
 * The changes of a round in parts that are written one after another, mostly one. Allocations are written before cards move, so
 * that a card is free before it is worked on; a card that comes back from work and is given to somebody in the same round
 * begins a part of its own, or the database would find it still worked on. After a pause one round holds both.
 */
export function partsOf(changes: readonly Change[]): (readonly Change[])[] {
  const starts = [0];
  const moved = new Set<number>();
  for (const [i, change] of changes.entries()) {
    if (change.kind === 'cardsMoved') for (const card of change.cards) moved.add(card);
    if (change.kind !== 'cardsBound' || !change.bindings.some(({ card }) => moved.has(card))) continue;
    starts.push(i);
    moved.clear();
  }
  return starts.map((start, i) => changes.slice(start, starts[i + 1]));
}

/** Gathers changes, in the order in which they were decided, into rows. */
export function roundRowsOf(changes: readonly Change[]): RoundRows {
  const rows = new RoundRows();
  for (const change of changes) rows.add(change);
  return rows;
}
