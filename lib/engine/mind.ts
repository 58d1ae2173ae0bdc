import { present } from '#lib/core/assert.ts';
import { type Book, isUsable, undoAll } from '#lib/reservations/book.ts';
import { type MaintenanceWindow, WINDOW_IS_LIVE } from '#lib/reservations/maintenance-types.ts';
import type { Booked, Change, Planner, Share } from '#lib/reservations/types.ts';
import { blockedInterval, keepsCapacity } from '#lib/reservations/windows.ts';
import { addBlock, type Block, refreshBlock, removeBlock } from '#lib/scheduler/blocks.ts';
import { plannerOver } from '#lib/scheduler/planner.ts';
import { PoolState } from '#lib/scheduler/pool-state.ts';
import type { PlannedPromise, PoolTopology } from '#lib/scheduler/types.ts';

type Undo = () => void;

function promiseOf(reservation: Booked, shares: readonly Share[]): PlannedPromise {
  const { id, cards, topology, interval, isBound } = reservation;
  return { id, cards, topology, interval, shares, isBound };
}

/** A window as the plan sees it. */
function blockOf({ id, interval, cards }: MaintenanceWindow): Block {
  const open = [...cards].filter(([, state]) => state !== 'skipped').map(([card]) => card);
  return { id, interval: blockedInterval(interval), cards: new Set(open) };
}

/** The whole memory of a pool's leader: the book of reservations and the scheduler's plan, changed together. */
export class Mind {
  readonly book: Book;
  readonly state: PoolState;
  readonly planner: Planner;
  readonly #blocks = new Map<string, Block>();

  constructor(book: Book, topology: PoolTopology) {
    this.book = book;
    this.state = new PoolState(topology);
    this.planner = plannerOver(this.state, () => book.readySpares());
    book.cards.forEach((card, ordinal) => {
      this.state.setUsable(ordinal, isUsable(card));
    });
  }

  /** Applies one change to book and plan; returns the undo of both. */
  apply(change: Change): Undo {
    return undoAll([this.book.apply(change), this.#applyToPlan(change)]);
  }

  /** Applies changes in order; returns one undo for all. */
  applyAll(changes: readonly Change[]): Undo {
    return undoAll(changes.map((change) => this.apply(change)));
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
        return undoAll(change.bindings.map((bound) => state.bind({ ...bound, promiseId: bound.reservationId })));
      case 'bindingsClosed':
        return undoAll(change.ids.map((id) => this.#unbind(id)));
      case 'bindingsExtended':
        return undoAll(change.ids.map((id) => state.extendBinding(id, change.endAt)));
      case 'cardsMoved':
        return undoAll(change.cards.map((card) => this.#refreshCard(card)));
      case 'cardHealth':
        return this.#refreshCard(change.card);
      case 'windowChanged':
        return this.#setWindow(change.window);
      case 'drainPlanned':
      case 'moneyPlaced':
      case 'event':
        return () => {};
    }
  }

  /** A card that is given back while a window waits for it is the window's, not the market's. */
  #unbind(id: string): Undo {
    const { card } = present(this.state.binding(id), `binding ${id}`);
    const undoUnbind = this.state.unbind(id);
    const blocks = [...this.#blocks.values()].filter(({ cards }) => cards.has(card));
    return undoAll([undoUnbind, ...blocks.map((block) => refreshBlock(this.state, block, card))]);
  }

  #setWindow(window: MaintenanceWindow): Undo {
    const before = this.#blocks.get(window.id);
    const undos: Undo[] = [];
    if (before) {
      undos.push(removeBlock(this.state, before.id), () => this.#blocks.set(before.id, before));
      this.#blocks.delete(before.id);
    }
    if (WINDOW_IS_LIVE[window.state]) {
      const block = blockOf(window);
      this.#blocks.set(block.id, block);
      undos.push(() => this.#blocks.delete(block.id), addBlock(this.state, block));
    }
    for (const card of window.cards.keys()) undos.push(this.#refreshCard(card));
    return undoAll(undos);
  }

  #refreshCard(card: number): Undo {
    const state = present(this.book.cards[card], `card ${card}`);
    const isKept = state.isOnSale && [...this.book.windows.values()].some((window) => keepsCapacity(window, card));
    return this.state.setUsable(card, isKept || isUsable(state));
  }
}
