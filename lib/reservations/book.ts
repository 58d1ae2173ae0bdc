import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { ZERO_UNITS, type Units, units } from '#lib/core/money.ts';
import { type Month, monthOf } from '#lib/core/period.ts';
import { type Lifecycle, LIFECYCLE_IS, ruleOf } from '#lib/inventory/lifecycle.ts';
import type { Booked, Bound, CatalogView, Change, OrganisationLimits, Planner } from './types.ts';

export type CardState = {
  readonly id: Id<'card'>;
  readonly serverId: string;
  readonly lifecycle: Lifecycle;
  readonly isOnSale: boolean;
  readonly health: 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
  /** What the device layer says: a card that is well may still refuse, as when its server waits for a reboot. */
  readonly takesNewWork: boolean;
  /** It was down and is up again, but gets no new work before this. */
  readonly probationUntil: Instant | null;
};

type Undo = () => void;

/** True when the device layer would give the card to its holder now. */
export function canBeGranted({ health, takesNewWork }: Pick<CardState, 'health' | 'takesNewWork'>): boolean {
  return takesNewWork && (health === 'healthy' || health === 'degraded');
}

/** True when new work may be promised on a card. */
export function isUsable(card: Omit<CardState, 'id' | 'serverId'>): boolean {
  return LIFECYCLE_IS[card.lifecycle].open && card.isOnSale && card.probationUntil === null && canBeGranted(card);
}

function setIn<K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo {
  const before = map.get(key);
  if (value === undefined) map.delete(key);
  else map.set(key, value);
  return () => {
    if (before === undefined) map.delete(key);
    else map.set(key, before);
  };
}

/**
 * Everything the mind of a pool decides from, besides the plan: live reservations, their cards, cards' states, limits.
 * It is changed only by `apply`, which returns the undo of what it did.
 */
export class Book {
  readonly reservations = new Map<Id<'reservation'>, Booked>();
  readonly #byOrganisation = new Map<string, Map<Id<'reservation'>, Booked>>();
  readonly #bindings = new Map<Id<'reservation'>, Map<Id<'allocation'>, Bound>>();
  readonly limits = new Map<Id<'organisation'>, OrganisationLimits>();
  readonly cards: CardState[];
  /** The cards that are on probation, and until when. */
  readonly probations = new Map<number, Instant>();
  readonly cardOrdinals: ReadonlyMap<string, number>;
  readonly #committed = new Map<string, Units>();
  readonly poolId: Id<'pool'>;
  catalog: CatalogView;

  constructor(poolId: Id<'pool'>, cards: readonly CardState[], catalog: CatalogView) {
    this.poolId = poolId;
    this.cards = [...cards];
    this.cardOrdinals = new Map(cards.map((card, ordinal) => [card.id, ordinal]));
    this.catalog = catalog;
    for (const [ordinal, { probationUntil }] of cards.entries())
      if (probationUntil !== null) this.probations.set(ordinal, probationUntil);
  }

  /** The live reservations of an organisation. */
  reservationsOf(organisationId: string): Iterable<Booked> {
    return this.#byOrganisation.get(organisationId)?.values() ?? [];
  }

  /** What an organisation has set aside for bookings made in a month. */
  committedIn(organisationId: string, month: Month): Units {
    return this.#committed.get(`${organisationId} ${month}`) ?? ZERO_UNITS;
  }

  /** Takes over what was set aside before the engine started. */
  restoreCommitted(organisationId: string, month: Month, amount: Units): void {
    this.#committed.set(`${organisationId} ${month}`, amount);
  }

  /** The cards that a reservation has, in binding order. */
  bindingsOf(reservationId: Id<'reservation'>): Bound[] {
    return [...(this.#bindings.get(reservationId)?.values() ?? [])];
  }

  /** Every live binding of the pool. */
  *allBindings(): Generator<Bound> {
    for (const bindings of this.#bindings.values()) yield* bindings.values();
  }

  /** Applies one change and returns its undo. Changes of the plan's arrays are the planner's part. */
  apply(change: Change): Undo {
    switch (change.kind) {
      case 'reservationAdded':
      case 'reservationChanged':
        return this.#setReservation(change.reservation.id, change.reservation);
      case 'reservationEnded':
        return this.#setReservation(change.id, undefined);
      case 'cardsBound':
        return doAll(change.bindings, (bound) => this.#setBinding(bound.reservationId, bound.id, bound));
      case 'bindingsClosed':
        return doAll(change.ids, (id) => this.#setBinding(change.reservationId, id, undefined));
      case 'bindingsExtended':
        return doAll(change.ids, (id) => this.#extend(change.reservationId, id, change.endAt));
      case 'moneyPlaced': {
        const key = `${change.reservation.organisationId} ${monthOf(change.at)}`;
        return setIn(this.#committed, key, units((this.#committed.get(key) ?? 0n) + change.amountUnits));
      }
      case 'cardsMoved':
        return doAll(change.cards, (card) => this.#setCard(card, { lifecycle: ruleOf(change.act).to }));
      case 'cardHealth': {
        const { health, takesNewWork, probationUntil } = change;
        return undoAll([
          setIn(this.probations, change.card, probationUntil ?? undefined),
          this.#setCard(change.card, { health, takesNewWork, probationUntil }),
        ]);
      }
      case 'replanned':
      case 'event':
        return () => {};
    }
  }

  #setReservation(id: Id<'reservation'>, next: Booked | undefined): Undo {
    const organisationId = next?.organisationId ?? this.reservations.get(id)?.organisationId;
    const undo = setIn(this.reservations, id, next);
    if (organisationId === undefined) return undo;
    const own = this.#byOrganisation.get(organisationId) ?? new Map<Id<'reservation'>, Booked>();
    this.#byOrganisation.set(organisationId, own);
    return undoAll([undo, setIn(own, id, next)]);
  }

  #setBinding(reservationId: Id<'reservation'>, id: Id<'allocation'>, bound: Bound | undefined): Undo {
    const known = this.#bindings.get(reservationId) ?? new Map<Id<'allocation'>, Bound>();
    this.#bindings.set(reservationId, known);
    return setIn(known, id, bound);
  }

  #extend(reservationId: Id<'reservation'>, id: Id<'allocation'>, endAt: Instant | null): Undo {
    const bound = present(this.#bindings.get(reservationId)?.get(id), `allocation ${id}`);
    return this.#setBinding(reservationId, id, { ...bound, interval: { ...bound.interval, endAt } });
  }

  #setCard(ordinal: number, patch: Partial<CardState>): Undo {
    const before = present(this.cards[ordinal], `card ${ordinal}`);
    this.cards[ordinal] = { ...before, ...patch };
    return () => {
      this.cards[ordinal] = before;
    };
  }
}

/** One undo for several, last first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of [...undos].reverse()) undo();
  };
}

/** Does something for each of a list; one undo for all. When one of them throws, those before it are undone. */
export function doAll<T>(list: readonly T[], work: (item: T) => Undo): Undo {
  const undos: Undo[] = [];
  try {
    for (const item of list) undos.push(work(item));
  } catch (error) {
    undoAll(undos)();
    throw error;
  }
  return undoAll(undos);
}

/** What a decision is made from. */
export type PoolMind = { readonly book: Book; readonly planner: Planner };
