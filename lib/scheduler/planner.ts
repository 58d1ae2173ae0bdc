import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Planner, PromiseView, Replanned } from '#lib/reservations/types.ts';
import { bindingCards, cardsFor, replacementCard } from './bind.ts';
import { earliestStart } from './earliest.ts';
import { freeInPool } from './free.ts';
import { readingOf } from './hour-window.ts';
import { isOvercommitted } from './make-room.ts';
import { movesOff, planFor } from './plan.ts';
import type { PoolState, Undo } from './pool-state.ts';
import type { Binding, PlannedPromise, Share } from './types.ts';

function promiseOf(view: PromiseView): PlannedPromise {
  return {
    id: view.id,
    cards: view.cards,
    topology: view.topology,
    interval: view.interval,
    shares: [],
    isBound: false,
  };
}

function replanned(moved: readonly PlannedPromise[]): Replanned[] {
  return moved.map(({ id, shares }) => ({ id, shares }));
}

/** The tentative promises that move so that what a change leaves fits again; null when they cannot all be placed. */
function movesAfter(state: PoolState, servers: readonly number[], change: () => Undo): Replanned[] | null {
  const undo = change();
  try {
    const crowded = servers.filter((server) => isOvercommitted(state, server));
    const moved = crowded.length === 0 ? [] : movesOff(state, crowded);
    return moved && replanned(moved);
  } finally {
    undo();
  }
}

function serversOf(state: PoolState, bindings: readonly Binding[]): number[] {
  return [...new Set(bindings.map(({ card }) => state.cardServer[card] ?? 0))];
}

/** True when the index knows that so many cards stay free, on each server of bindings, from their end until `endAt`. */
function isFreeAfter(state: PoolState, bindings: readonly Binding[], endAt: Instant | null): boolean {
  const groups = Map.groupBy(bindings, ({ card }) => state.cardServer[card] ?? 0);
  return [...groups].every(([server, own]) => {
    const startAt = endOf(present(own[0], 'binding').interval);
    const more = { startAt, endAt };
    return state.index.knows(more) && state.index.lowestOn(server, readingOf(state.index.hours(more))) >= own.length;
  });
}

/** The shares of a tentative promise that is to last longer, where they stay free; null when it must look elsewhere. */
function sharesToStay(state: PoolState, { id, cards, interval }: PromiseView): readonly Share[] | null {
  const before = state.promises.get(id);
  if (!before || before.isBound || before.cards !== cards || before.interval.startAt !== interval.startAt) return null;
  const startAt = before.interval.endAt;
  if (startAt === null || endOf(interval) <= startAt) return null;
  const more = { startAt, endAt: interval.endAt };
  if (!state.index.knows(more)) return null;
  const reading = readingOf(state.index.hours(more));
  const isFree = before.shares.every((share) => state.index.lowestOn(share.server, reading) >= share.cards);
  return isFree ? before.shares : null;
}

function undoAll(undos: Undo[]): Undo {
  return () => {
    for (const undo of undos.reverse()) undo();
  };
}

/** The planner over a pool's state, as the deciding code of `reservations` asks for it. Reads only. */
export function plannerOver(state: PoolState): Planner {
  const promise = (id: string): PlannedPromise => present(state.promises.get(id), `promise ${id}`);
  return {
    get version(): number {
      return state.version;
    },

    plan(candidate, toBind) {
      const staying = sharesToStay(state, candidate);
      if (staying) return { shares: staying, moved: [] };
      const plan = planFor(state, promiseOf(candidate), toBind);
      return plan ? { shares: plan.shares, moved: replanned(plan.moved) } : null;
    },

    planExtension(promiseId, endAt) {
      const own = state.bindingsOfPromise(promiseId);
      const isTaken = (card: number, more: Interval): boolean =>
        state.bindingsOf(card).some((other) => other.promiseId !== promiseId && overlaps(other.interval, more));
      const blocked = own.filter(({ card, interval }) => isTaken(card, { startAt: endOf(interval), endAt }));
      if (blocked.length > 0) return { blockedCards: blocked.length };
      if (isFreeAfter(state, own, endAt)) return { moved: [] };
      const moved = movesAfter(state, serversOf(state, own), () =>
        state.extendBindings(
          promiseId,
          own.map(({ id }) => id),
          endAt,
        ),
      );
      return moved ? { moved } : { blockedCards: own.length };
    },

    planWithout(cards) {
      const servers = [...new Set(cards.map((card) => state.cardServer[card] ?? 0))];
      return movesAfter(state, servers, () => undoAll(cards.map((card) => state.setUsable(card, false))));
    },

    freeCards: (interval) => freeInPool(state, interval),
    cardsFor: (shares, interval) => cardsFor(state, shares, interval),

    bindingCards(promiseId) {
      const wanted = promise(promiseId);
      const { cards, missing } = bindingCards(state, wanted);
      const neighbour = present(state.serverFirstCard[wanted.shares[0]?.server ?? 0], 'first card');
      return { cards, missing: new Array<number>(missing).fill(neighbour) };
    },

    replacementCard: (promiseId, failedCard, interval) =>
      replacementCard(state, promise(promiseId), failedCard, interval),

    earliestStart: (candidate) => earliestStart(state, candidate),
  };
}
