import { invariant, present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { ZERO_UNITS, type Units, units } from '#lib/core/money.ts';
import { type Month, monthOf } from '#lib/core/period.ts';
import { doAll, NOTHING_TO_UNDO, type Undo, undoAll, undoBoth } from '#lib/core/undo.ts';
import { type Lifecycle, LIFECYCLE_IS, ruleOf } from '#lib/inventory/lifecycle.ts';
import type { ElsewhereBook } from './elsewhere.ts';
import { DueHeap } from './due-heap.ts';
import { spendVouchers, type VoucherBook } from './funds.ts';
import { Holdings } from './holdings.ts';
import { type MaintenanceWindow, WINDOW_IS_LIVE } from './maintenance-types.ts';
import { JobBook } from './queue/job-book.ts';
import { type AccountBook, drawLine } from './on-account.ts';
import { partGivenBack, type RefundBook, refundUsed } from './refund-terms.ts';
import type { ProjectLimits } from './project-types.ts';
import type { Booked, CatalogView, OrganisationLimits } from './types.ts';
import type { Bound, Planner } from './planner-types.ts';
import type { Change } from './decision-types.ts';

export type CardState = {
  readonly id: Id<'card'>;
  readonly serverId: string;
  readonly podId: string;
  readonly lifecycle: Lifecycle;
  readonly isOnSale: boolean;
  /** Kept from sale to stand in for cards that fail. */
  readonly isSpare: boolean;
  readonly health: 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
  /** What the device layer says: a card that is well may still refuse, as when its server waits for a reboot. */
  readonly takesNewWork: boolean;
  /** It was down and is up again, but gets no new work before this. */
  readonly probationUntil: Instant | null;
};

/** True when the device layer would give the card to its holder now. */
export function canBeGranted({ health, takesNewWork }: Pick<CardState, 'health' | 'takesNewWork'>): boolean {
  return takesNewWork && (health === 'healthy' || health === 'degraded');
}

type Condition = Omit<CardState, 'id' | 'serverId' | 'podId' | 'isSpare'>;

/** True when new work may be promised on a card. */
export function isUsable(card: Condition): boolean {
  return card.isOnSale && isReady(card);
}

function isReady(card: Omit<Condition, 'isOnSale'>): boolean {
  return LIFECYCLE_IS[card.lifecycle].open && card.probationUntil === null && canBeGranted(card);
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function setIn<K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo {
  const before = map.get(key);
  put(map, key, value);
  return () => put(map, key, before);
}

function sparesAmong(cards: readonly CardState[]): number[] {
  return cards.flatMap(({ isSpare }, ordinal) => (isSpare ? [ordinal] : []));
}

/** Whose quotas and limits count for a reservation. Ids of both kinds tell themselves apart. */
function holdersOf({ organisationId, projectId }: Pick<Booked, 'organisationId' | 'projectId'>): string[] {
  return projectId === null ? [organisationId] : [organisationId, projectId];
}

/**
 * Everything the mind of a pool decides from, besides the plan: live reservations, their cards, cards' states, limits.
 * It is changed only by `apply`, which returns the undo of what it did.
 */
export class Book {
  readonly reservations = new Map<Id<'reservation'>, Booked>();
  /** Those that changed since somebody last looked what time asks for, and what it asked then. */
  readonly changed = new Set<Id<'reservation'>>();
  readonly waiting = new DueHeap();
  /** Those for which money is held without being asked: hour by hour, or when they extend themselves. */
  readonly selfPaying = new Map<Id<'reservation'>, Booked>();
  /** By holder: an organisation, or a project of one. */
  readonly #byHolder = new Map<string, Map<Id<'reservation'>, Booked>>();
  readonly #holdings = new Map<string, Holdings>();
  /** A list is replaced, never changed. */
  readonly #bindings = new Map<Id<'reservation'>, readonly Bound[]>();
  /** Jobs that wait and run; it takes every change beside this book. */
  readonly queue = new JobBook();
  readonly limits = new Map<Id<'organisation'>, OrganisationLimits>();
  readonly projects = new Map<string, ProjectLimits>();
  readonly vouchers: VoucherBook = new Map();
  /** The credit lines of whoever asks for something on account, while a round is decided. */
  readonly lines: AccountBook = new Map();
  /** What is known of the terms that are asked to be refunded, while a round is decided. */
  readonly refunds: RefundBook = new Map();
  /** What organisations have in other pools, while a round is decided: it counts for their quotas and limits. */
  readonly elsewhere: ElsewhereBook = new Map();
  readonly cards: CardState[];
  #spares: readonly number[];
  /** Maintenance windows that are not over. */
  readonly windows = new Map<Id<'maintenanceWindow'>, MaintenanceWindow>();
  /** The cards on sale that take no new work. */
  readonly away = new Set<number>();
  /** The cards that are on probation, and until when. */
  readonly probations = new Map<number, Instant>();
  readonly cardOrdinals: ReadonlyMap<string, number>;
  /** By month and holder. */
  readonly #committed = new Map<Month, Map<string, Units>>();
  readonly poolId: Id<'pool'>;
  catalog: CatalogView;

  constructor(poolId: Id<'pool'>, cards: readonly CardState[], catalog: CatalogView) {
    this.poolId = poolId;
    this.cards = [...cards];
    this.cardOrdinals = new Map(cards.map((card, ordinal) => [card.id, ordinal]));
    this.catalog = catalog;
    this.#spares = sparesAmong(cards);
    for (const [ordinal, card] of cards.entries()) {
      if (card.probationUntil !== null) this.probations.set(ordinal, card.probationUntil);
      this.#file(ordinal, card);
    }
  }

  /** The spare cards that could be given to somebody now, in ordinal order. */
  *readySpares(): Generator<number> {
    for (const card of this.#spares) {
      const state = this.cards[card];
      if (state && isReady(state)) yield card;
    }
  }

  /** The live reservations of a holder: an organisation, or a project of one. */
  reservationsOf(holderId: string): Iterable<Booked> {
    return this.#byHolder.get(holderId)?.values() ?? [];
  }

  /**
   * At least as many cards as a holder has reserved at any one moment of an interval; none when nothing is. Counted more
   * closely where a rough count says more than `enough`.
   */
  mostBookedIn(holderId: string, interval: Interval, enough = 0): number {
    return this.#holdings.get(holderId)?.mostIn(interval, enough) ?? 0;
  }

  /** What a holder has set aside in a month, for bookings, extensions, held hours and jobs alike. */
  committedIn(holderId: string, month: Month): Units {
    return this.#committed.get(month)?.get(holderId) ?? ZERO_UNITS;
  }

  /** Takes over what was set aside before the engine started. */
  restoreCommitted(holderId: string, month: Month, amount: Units): void {
    this.#committedOf(month).set(holderId, amount);
  }

  /** The cards that a reservation has, in binding order. */
  bindingsOf(reservationId: Id<'reservation'>): readonly Bound[] {
    return this.#bindings.get(reservationId) ?? [];
  }

  /** Every live binding of the pool. */
  *allBindings(): Generator<Bound> {
    for (const bindings of this.#bindings.values()) yield* bindings;
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
        return this.#bind(change.bindings);
      case 'bindingsClosed':
        return undoAll([
          change.unusedUntil ? partGivenBack(this.refunds, change.reservationId) : () => {},
          this.#close(change.reservationId, change.ids),
        ]);
      case 'termRefunded':
        return refundUsed(this.refunds, change.reservation);
      case 'bindingsExtended':
        return this.#extend(change.reservationId, change.ids, change.endAt);
      case 'moneyPlaced':
        return undoBoth(
          this.#spend(change),
          doAll(holdersOf(change.reservation), (id) => this.#commit(id, monthOf(change.at), change.amountUnits)),
        );
      case 'cardsMoved':
        return doAll(change.cards, (card) => this.#setCard(card, { lifecycle: ruleOf(change.act).to }));
      case 'cardHealth': {
        const { health, takesNewWork, probationUntil } = change;
        return undoAll([
          setIn(this.probations, change.card, probationUntil ?? undefined),
          this.#setCard(change.card, { health, takesNewWork, probationUntil }),
        ]);
      }
      case 'sparesSet':
        return this.#setSpares(change.toSpare, change.toSale);
      case 'windowChanged': {
        const { window } = change;
        return setIn(this.windows, window.id, WINDOW_IS_LIVE[window.state] ? window : undefined);
      }
      case 'moneyReturned':
        return this.#draw(change.reservation, -change.amountUnits);
      case 'transferOffered':
      case 'transferClosed':
      case 'hoursCredited':
      case 'replanned':
      case 'drainPlanned':
      case 'jobQueued':
      case 'jobsExplained':
      case 'jobStarted':
      case 'jobLeaving':
      case 'jobCancelled':
      case 'jobRefused':
      case 'event':
        return NOTHING_TO_UNDO;
    }
  }

  /** What is set aside is spent of vouchers, or of a line. */
  #spend({ reservation, amountUnits, vouchers }: Extract<Change, { kind: 'moneyPlaced' }>): Undo {
    const drawn = this.#draw(reservation, amountUnits);
    return vouchers ? undoBoth(drawn, spendVouchers(this.vouchers, reservation.organisationId, vouchers)) : drawn;
  }

  /** What is set aside on account is free of the line no more, until it returns. */
  #draw({ organisationId, payBy }: Booked, amountUnits: bigint): Undo {
    return payBy === 'account' ? drawLine(this.lines, organisationId, amountUnits) : NOTHING_TO_UNDO;
  }

  #setReservation(id: Id<'reservation'>, next: Booked | undefined): Undo {
    const before = this.reservations.get(id);
    this.#put(id, next);
    return () => this.#put(id, before);
  }

  #put(id: Id<'reservation'>, next: Booked | undefined): void {
    const before = this.reservations.get(id);
    const holders = next ? holdersOf(next) : [];
    for (const holder of before ? holdersOf(before) : [])
      if (!holders.includes(holder)) this.#putOf(holder, id, undefined);
    for (const holder of holders) this.#putOf(holder, id, next);
    this.changed.add(id);
    put(this.reservations, id, next);
    put(this.selfPaying, id, next && (next.heldUntil !== null || next.autoExtend !== null) ? next : undefined);
  }

  #commit(holderId: string, month: Month, amount: Units): Undo {
    const committed = this.#committedOf(month);
    return setIn(committed, holderId, units((committed.get(holderId) ?? 0n) + amount));
  }

  #committedOf(month: Month): Map<string, Units> {
    const known = this.#committed.get(month);
    if (known) return known;
    const committed = new Map<string, Units>();
    this.#committed.set(month, committed);
    return committed;
  }

  #putOf(holderId: string, id: Id<'reservation'>, next: Booked | undefined): void {
    let own = this.#byHolder.get(holderId);
    let holdings = this.#holdings.get(holderId);
    if (!own || !holdings) {
      [own, holdings] = [new Map(), new Holdings()];
      this.#byHolder.set(holderId, own);
      this.#holdings.set(holderId, holdings);
    }
    put(own, id, next);
    holdings.put(id, next);
  }

  /** Cards that one reservation is given. */
  #bind(bindings: readonly Bound[]): Undo {
    const [first] = bindings;
    if (!first) return NOTHING_TO_UNDO;
    const before = this.bindingsOf(first.reservationId);
    return this.#setBindings(first.reservationId, before.length === 0 ? bindings : [...before, ...bindings]);
  }

  #close(reservationId: Id<'reservation'>, ids: readonly Id<'allocation'>[]): Undo {
    const before = this.bindingsOf(reservationId);
    if (ids.length === before.length) return this.#setBindings(reservationId, []);
    const gone = new Set(ids);
    return this.#setBindings(
      reservationId,
      before.filter(({ id }) => !gone.has(id)),
    );
  }

  #extend(reservationId: Id<'reservation'>, ids: readonly Id<'allocation'>[], endAt: Instant | null): Undo {
    const longer = new Set(ids);
    let interval: Interval | null = null;
    const extended = this.bindingsOf(reservationId).map((bound) => {
      if (!longer.delete(bound.id)) return bound;
      const { startAt } = bound.interval;
      // What begins together shares one interval.
      if (interval?.startAt !== startAt) interval = { startAt, endAt };
      return { ...bound, interval };
    });
    for (const id of longer) invariant(false, `allocation ${id}`);
    return this.#setBindings(reservationId, extended);
  }

  #setBindings(reservationId: Id<'reservation'>, next: readonly Bound[]): Undo {
    return setIn(this.#bindings, reservationId, next.length === 0 ? undefined : next);
  }

  #setSpares(toSpare: readonly number[], toSale: readonly number[]): Undo {
    const before = this.#spares;
    const undo = undoAll([
      doAll(toSpare, (card) => this.#setCard(card, { isSpare: true, isOnSale: false })),
      doAll(toSale, (card) => this.#setCard(card, { isSpare: false, isOnSale: true })),
    ]);
    this.#spares = sparesAmong(this.cards);
    return () => {
      undo();
      this.#spares = before;
    };
  }

  #setCard(ordinal: number, patch: Partial<CardState>): Undo {
    const before = present(this.cards[ordinal], `card ${ordinal}`);
    this.#file(ordinal, { ...before, ...patch });
    return () => this.#file(ordinal, before);
  }

  #file(ordinal: number, card: CardState): void {
    this.cards[ordinal] = card;
    const isHere = card.lifecycle === 'in_service' && card.probationUntil === null && canBeGranted(card);
    if (card.isOnSale && !isHere) this.away.add(ordinal);
    else this.away.delete(ordinal);
  }
}

/** What a decision is made from. */
export type PoolMind = { readonly book: Book; readonly planner: Planner };
