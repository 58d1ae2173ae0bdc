import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { doAll, NOTHING_TO_UNDO, type Undo, undoAll, undoBoth } from '#lib/core/undo.ts';
import { type Book, isUsable } from '#lib/reservations/book.ts';
import { type MaintenanceWindow, WINDOW_IS_LIVE } from '#lib/reservations/maintenance-types.ts';
import { nextDue } from '#lib/reservations/timers.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Planner, Share } from '#lib/reservations/planner-types.ts';
import { blockedInterval, keepsCapacity, keptCards } from '#lib/reservations/windows.ts';
import { addBlock, type Block, refreshBlock, removeBlock } from '#lib/scheduler/blocks.ts';
import { plannerOver } from '#lib/scheduler/planner.ts';
import { PoolState } from '#lib/scheduler/pool-state.ts';
import type { PlannedPromise, PoolTopology } from '#lib/scheduler/types.ts';

function promiseOf(reservation: Booked, shares: readonly Share[]): PlannedPromise {
  const { id, cards, topology, gang, interval, isBound } = reservation;
  return { id, cards, topology, gang, interval, shares, isBound };
}

/** A window as the plan sees it. */
function blockOf(book: Book, { id, interval, cards, plannedAt }: MaintenanceWindow): Block {
  const open = [...cards].filter(([, state]) => state !== 'skipped').map(([card]) => card);
  return { id, interval: blockedInterval(interval), cards: keptCards(book, open, interval, plannedAt) };
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

  /**
   * Moves the hours that are known at once on to an instant. What is still due is decided at its own time, so that time
   * stays known hour by hour as well.
   */
  advanceTo(now: Instant): void {
    const left = nextDue(this);
    this.state.advanceTo(left && left.at < now ? left.at : now);
  }

  /** Applies one change to book and plan; returns the undo of both. When it cannot be applied, neither is changed. */
  apply(change: Change): Undo {
    let undo = this.book.apply(change);
    try {
      undo = undoBoth(undo, this.book.queue.apply(change));
      return undoBoth(undo, this.#applyToPlan(change));
    } catch (error) {
      undo();
      throw error;
    }
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
        return state.bind(
          change.bindings.map(({ id, reservationId, card, interval }) => ({
            id,
            promiseId: reservationId,
            card,
            interval,
          })),
        );
      case 'bindingsClosed':
        if (change.isHandedOver) return state.unbind(change.reservationId, change.ids);
        return this.#rebind(change, () => state.unbind(change.reservationId, change.ids));
      case 'bindingsExtended':
        return this.#rebind(change, () => state.extendBindings(change.reservationId, change.ids, change.endAt));
      case 'cardsMoved':
        return doAll(change.cards, (card) => this.#refreshCard(card));
      case 'cardHealth':
        return this.#refreshCard(change.card);
      case 'windowChanged':
        return this.#setWindow(change.window);
      case 'sparesSet':
        return doAll([...change.toSpare, ...change.toSale], (card) => this.#refreshCard(card));
      case 'drainPlanned':
      case 'moneyPlaced':
      case 'moneyReturned':
      case 'transferOffered':
      case 'transferClosed':
      case 'termRefunded':
      case 'hoursCredited':
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

  /**
   * Bindings that are given back, or end at another time. What that frees while a window waits for the cards is the
   * window's, not the market's: an open end may get an end, and a job may be asked to leave.
   */
  #rebind(
    { reservationId, ids }: Extract<Change, { kind: 'bindingsClosed' | 'bindingsExtended' }>,
    rebind: () => Undo,
  ): Undo {
    if (this.#blocks.size === 0) return rebind();
    const blocks = [...this.#blocks.values()];
    const changed = new Set<string>(ids);
    const bound = this.state.bindingsOfPromise(reservationId);
    const cards = bound.flatMap(({ id, card }) => (changed.has(id) ? [card] : []));
    const undoRebind = rebind();
    const refreshed = cards.flatMap((card) =>
      blocks.filter((block) => block.cards.has(card)).map((block) => refreshBlock(this.state, block, card)),
    );
    return undoAll([undoRebind, ...refreshed]);
  }

  #setWindow(window: MaintenanceWindow): Undo {
    const before = this.#blocks.get(window.id);
    const undos: Undo[] = [];
    if (before) {
      undos.push(removeBlock(this.state, before.id), () => this.#blocks.set(before.id, before));
      this.#blocks.delete(before.id);
    }
    if (WINDOW_IS_LIVE[window.state]) {
      const block = blockOf(this.book, window);
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
