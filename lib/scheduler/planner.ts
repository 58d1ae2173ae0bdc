import { present } from '#lib/core/assert.ts';
import { ceilToHour, type Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Planner, PromiseView, Replanned } from '#lib/reservations/types.ts';
import { earliestStart } from './availability.ts';
import { bindingCards, cardsFor, overcommittedServers, replacementCard } from './bind.ts';
import { drainOutcome } from './drain-plan.ts';
import { freeInPool } from './free.ts';
import { heal, healOrReplan } from './heal.ts';
import { place, planFor, replan } from './plan.ts';
import type { PoolState, Undo } from './pool-state.ts';
import type { PlannedPromise } from './types.ts';

/** How many ends are tried when a refusal names the earliest start that would work. */
const EARLIEST_START_TRIES = 48;

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

/** What `work` makes of the changed state, which is changed back. */
function changed<T>(change: () => Undo, work: () => T): T {
  const undo = change();
  try {
    return work();
  } finally {
    undo();
  }
}

function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}

const ALL = Number.MAX_SAFE_INTEGER;

/**
 * The planner over a pool's state, as the deciding code of `reservations` asks for it. Reads only. `spares` names the
 * cards that are kept from sale to stand in for others, those that work now.
 */
export function plannerOver(state: PoolState, spares: () => Iterable<number> = () => []): Planner {
  const promise = (id: string): PlannedPromise => present(state.promises.get(id), `promise ${id}`);
  return {
    get version(): number {
      return state.version;
    },

    plan(candidate, toBind) {
      const plan = planFor(state, promiseOf(candidate), toBind);
      return plan ? { shares: plan.shares, moved: replanned(plan.moved) } : null;
    },

    planExtension(promiseId, endAt) {
      const own = state.bindingsOfPromise(promiseId);
      const isTaken = (card: number, more: Interval): boolean =>
        state.bindingsOf(card).some((other) => other.promiseId !== promiseId && overlaps(other.interval, more));
      const blocked = own.filter(({ card, interval }) => isTaken(card, { startAt: endOf(interval), endAt }));
      if (blocked.length > 0) return { blockedCards: blocked.length };
      const plan = changed(
        () => undoAll(own.map(({ id }) => state.extendBinding(id, endAt))),
        () => (overcommittedServers(state).length === 0 ? { moved: [] } : replan(state, null, false)),
      );
      return plan ? { moved: replanned(plan.moved) } : { blockedCards: own.length };
    },

    planWithout(cards, before) {
      const { moved } = changed(
        () => undoAll(cards.map((card) => state.setUsable(card, false))),
        () => healOrReplan(state, { before, most: ALL }),
      );
      return replanned(moved);
    },

    planHealing: (most) => replanned(heal(state, { before: FOREVER, most }).moved),
    planDrain(cards, interval) {
      const { outcome, moved } = drainOutcome(state, new Set(cards), interval, [...spares()]);
      return { outcome, moved: replanned(moved) };
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
      replacementCard(state, promise(promiseId), failedCard, interval, spares()),

    earliestStart(candidate) {
      const ends: Instant[] = [];
      // Only whole hours can be booked ahead.
      for (const { interval } of state.promises.values())
        if (interval.endAt !== null) ends.push(ceilToHour(interval.endAt));
      const lengthMs = endOf(candidate.interval) - candidate.interval.startAt;
      const isOpen = candidate.interval.endAt === null;
      return earliestStart(ends, candidate.interval.startAt, EARLIEST_START_TRIES, (startAt) => {
        const interval = { startAt, endAt: isOpen ? null : ((startAt + lengthMs) as Instant) };
        return place(state, promiseOf({ ...candidate, interval }), false) !== null;
      });
    },
  };
}
