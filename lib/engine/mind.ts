import { present } from '#lib/core/assert.ts';
import { type Book, doAll, isUsable } from '#lib/reservations/book.ts';
import type { Booked, Change, Planner, Share } from '#lib/reservations/types.ts';
import { plannerOver } from '#lib/scheduler/planner.ts';
import { PoolState } from '#lib/scheduler/pool-state.ts';
import type { PlannedPromise, PoolTopology } from '#lib/scheduler/types.ts';

type Undo = () => void;

function promiseOf(reservation: Booked, shares: readonly Share[]): PlannedPromise {
  const { id, cards, topology, interval, isBound } = reservation;
  return { id, cards, topology, interval, shares, isBound };
}

/** The whole memory of a pool's leader: the book of reservations and the scheduler's plan, changed together. */
export class Mind {
  readonly book: Book;
  readonly state: PoolState;
  readonly planner: Planner;

  constructor(book: Book, topology: PoolTopology) {
    this.book = book;
    this.state = new PoolState(topology);
    this.planner = plannerOver(this.state);
    book.cards.forEach((card, ordinal) => {
      this.state.setUsable(ordinal, isUsable(card));
    });
  }

  /** Applies one change to book and plan; returns the undo of both. When it cannot be applied, neither is changed. */
  apply(change: Change): Undo {
    return doAll([() => this.book.apply(change), () => this.#applyToPlan(change)], (part) => part());
  }

  /** Applies changes in order; returns one undo for all. */
  applyAll(changes: readonly Change[]): Undo {
    return doAll(changes, (change) => this.apply(change));
  }

  #applyToPlan(change: Change): Undo {
    const { state } = this;
    switch (change.kind) {
      case 'reservationAdded':
        return state.addPromise(promiseOf(change.reservation, change.shares));
      case 'reservationChanged': {
        const before = present(state.promises.get(change.reservation.id), `promise ${change.reservation.id}`);
        return state.changePromise(promiseOf(change.reservation, before.shares));
      }
      case 'reservationEnded':
        return state.removePromise(change.id);
      case 'replanned':
        return state.changePromise({
          ...present(state.promises.get(change.id), `promise ${change.id}`),
          shares: change.shares,
        });
      case 'cardsBound':
        return doAll(change.bindings, (bound) => state.bind({ ...bound, promiseId: bound.reservationId }));
      case 'bindingsClosed':
        return doAll(change.ids, (id) => state.unbind(id));
      case 'bindingsExtended':
        return doAll(change.ids, (id) => state.extendBinding(id, change.endAt));
      case 'cardsMoved':
        return doAll(change.cards, (card) => this.#refreshCard(card));
      case 'cardHealth':
        return this.#refreshCard(change.card);
      case 'moneyPlaced':
      case 'event':
        return () => {};
    }
  }

  #refreshCard(card: number): Undo {
    return this.state.setUsable(card, isUsable(present(this.book.cards[card], `card ${card}`)));
  }
}
