import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Booked, Bound, Change, Share } from './types.ts';

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** What moves money in the books. */
export type MoneyChange = ChangeOf<'moneyPlaced'> | ChangeOf<'moneyReturned'> | ChangeOf<'hoursCredited'>;

/** What the changes of a round come to in the tables: each row once, in its last state, ready for one statement a kind. */
export type RoundRows = {
  readonly added: ReadonlyMap<string, { readonly reservation: Booked; readonly shares: readonly Share[] }>;
  readonly changed: ReadonlyMap<string, Booked>;
  readonly ended: readonly ChangeOf<'reservationEnded'>[];
  readonly replanned: ReadonlyMap<string, readonly Share[]>;
  readonly bound: ReadonlyMap<string, Bound>;
  /** New ends of allocations that were there before the round. */
  readonly ends: ReadonlyMap<Id<'allocation'>, Instant | null>;
  /** Allocations of a running term that were given back: charged as unused to here. */
  readonly unusedUntil: ReadonlyMap<Id<'allocation'>, Instant>;
  readonly events: readonly ChangeOf<'event'>[];
  readonly money: readonly MoneyChange[];
  /** Maintenance windows in their last state, and the drain plans that were made. */
  readonly windows: ReadonlyMap<string, ChangeOf<'windowChanged'>['window']>;
  /** Offers made and closed, in order. */
  readonly offers: readonly (ChangeOf<'transferOffered'> | ChangeOf<'transferClosed'>)[];
  readonly drainPlans: readonly ChangeOf<'drainPlanned'>['plan'][];
  /** What happened to cards, in order: few, and each depends on the last. */
  readonly cards: readonly (ChangeOf<'cardsMoved'> | ChangeOf<'cardHealth'>)[];
};

/** Gathers changes, in the order in which they were decided, into rows. */
export function roundRowsOf(changes: readonly Change[]): RoundRows {
  const added = new Map<string, { reservation: Booked; shares: readonly Share[] }>();
  const changed = new Map<string, Booked>();
  const replanned = new Map<string, readonly Share[]>();
  const bound = new Map<string, Bound>();
  const ends = new Map<Id<'allocation'>, Instant | null>();
  const ended: ChangeOf<'reservationEnded'>[] = [];
  const events: ChangeOf<'event'>[] = [];
  const money: MoneyChange[] = [];
  const unusedUntil = new Map<Id<'allocation'>, Instant>();
  const windows = new Map<string, ChangeOf<'windowChanged'>['window']>();
  const offers: (ChangeOf<'transferOffered'> | ChangeOf<'transferClosed'>)[] = [];
  const drainPlans: ChangeOf<'drainPlanned'>['plan'][] = [];
  const cards: (ChangeOf<'cardsMoved'> | ChangeOf<'cardHealth'>)[] = [];
  const setEnd = (id: Id<'allocation'>, endAt: Instant | null): void => {
    const own = bound.get(id);
    if (own) bound.set(id, { ...own, interval: { ...own.interval, endAt } });
    else ends.set(id, endAt);
  };
  const gather = (change: Change): void => {
    switch (change.kind) {
      case 'reservationAdded':
        added.set(change.reservation.id, change);
        return;
      case 'reservationChanged': {
        const { reservation } = change;
        const own = added.get(reservation.id);
        if (own) added.set(reservation.id, { ...own, reservation });
        else changed.set(reservation.id, reservation);
        return;
      }
      case 'reservationEnded':
        ended.push(change);
        return;
      case 'replanned': {
        const own = added.get(change.id);
        if (own) added.set(change.id, { ...own, shares: change.shares });
        else replanned.set(change.id, change.shares);
        return;
      }
      case 'cardsBound':
        for (const binding of change.bindings) bound.set(binding.id, binding);
        return;
      case 'bindingsClosed':
        for (const id of change.ids) {
          setEnd(id, change.endAt);
          if (change.unusedUntil) unusedUntil.set(id, change.unusedUntil);
        }
        return;
      case 'bindingsExtended':
        for (const id of change.ids) setEnd(id, change.endAt);
        return;
      case 'event':
        events.push(change);
        return;
      case 'moneyPlaced':
      case 'moneyReturned':
      case 'hoursCredited':
        money.push(change);
        return;
      case 'cardsMoved':
      case 'cardHealth':
        cards.push(change);
        return;
      case 'windowChanged':
        windows.set(change.window.id, change.window);
        return;
      case 'transferOffered':
      case 'transferClosed':
        offers.push(change);
        return;
      case 'drainPlanned':
        drainPlans.push(change.plan);
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
  };
  for (const change of changes) gather(change);
  return {
    added,
    changed,
    ended,
    replanned,
    bound,
    ends,
    unusedUntil,
    events,
    money,
    cards,
    windows,
    offers,
    drainPlans,
  };
}
