import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Planner, PromiseView, Replanned } from '#lib/reservations/planner-types.ts';
import { bindingCards, cardsFor, holderMoves, replacementCard } from './bind.ts';
import { drainOutcome } from './drain-plan.ts';
import { earliestStart } from './earliest.ts';
import { explainRoom } from './explanation.ts';
import { explainExtension } from './explanation-of-extension.ts';
import { freeInPool, thoseFree } from './free.ts';
import { areWhole, cardsToGiveBack, sharesWithout } from './giving-back.ts';
import { heal, healOrReplan } from './heal.ts';
import { highestOf, readingOf } from './hour-window.ts';
import { isOvercommitted, makeRoomOn } from './make-room.ts';
import { place } from './place.ts';
import { mayReplanAll, movesOff, planFor } from './plan.ts';
import { type Undo, undoAll } from '#lib/core/undo.ts';
import type { PoolState } from './pool-state.ts';
import type { Binding, PlannedPromise, Share } from './types.ts';
import { levelsOf } from './room-levels.ts';
import { undisturbedUntil } from './undisturbed.ts';

function promiseOf(view: PromiseView): PlannedPromise {
  return {
    id: view.id,
    cards: view.cards,
    topology: view.topology,
    gang: view.gang,
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

/** True when something takes a part of an hour between the end of bindings and `endAt`: then profiles know more. */
function isPartlyTaken(state: PoolState, bindings: readonly Binding[], endAt: Instant | null): boolean {
  return bindings.some(({ interval }) => {
    const more = { startAt: endOf(interval), endAt };
    return (
      !state.index.knows(more) || highestOf(state.index.curves.partlyTaken, readingOf(state.index.hours(more))) > 0
    );
  });
}

function serversOf(state: PoolState, bindings: readonly Binding[]): number[] {
  return [...new Set(bindings.map(({ card }) => state.cardServer[card] ?? 0))];
}

/** What moves so that bound cards stay until `endAt`, as far as the index knows; null when it finds no way. */
function movesByIndex(state: PoolState, promiseId: string, endAt: Instant | null): readonly PlannedPromise[] | null {
  const own = state.bindingsOfPromise(promiseId);
  const [first] = own;
  if (!first || own.some(({ interval }) => interval.endAt !== first.interval.endAt)) return null;
  const interval = { startAt: endOf(first.interval), endAt };
  if (!state.index.knows(interval)) return null;
  const counts = new Map<number, number>();
  for (const { card } of own) {
    const server = state.cardServer[card] ?? 0;
    if (state.isUsable[card] === 1) counts.set(server, (counts.get(server) ?? 0) + 1);
  }
  const shares = [...counts].map(([server, cards]) => ({ server, cards }));
  const reading = readingOf(state.index.hours(interval));
  if (shares.every(({ server, cards }) => state.index.lowestOn(server, reading) >= cards)) return [];
  const longer = { ...promise(state, promiseId), interval, isBound: false, cards: own.length };
  return makeRoomOn(state, longer, shares, reading)?.moved ?? null;
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

function promise(state: PoolState, id: string): PlannedPromise {
  return present(state.promises.get(id), `promise ${id}`);
}

/** What moves so that bound cards stay until `endAt`; else how many of them cannot. */
function planExtension(
  state: PoolState,
  promiseId: string,
  endAt: Instant | null,
): ReturnType<Planner['planExtension']> {
  const own = state.bindingsOfPromise(promiseId);
  const isTaken = (card: number, more: Interval): boolean =>
    state.bindingsOf(card).some((other) => other.promiseId !== promiseId && overlaps(other.interval, more));
  const blocked = own.filter(({ card, interval }) => isTaken(card, { startAt: endOf(interval), endAt }));
  if (blocked.length > 0) return { blockedCards: blocked.length };
  const quick = movesByIndex(state, promiseId, endAt);
  if (quick) return { moved: replanned(quick) };
  if (!mayReplanAll(state) && !isPartlyTaken(state, own, endAt)) return { blockedCards: own.length };
  const ids = own.map(({ id }) => id);
  const moved = changed(
    () => state.extendBindings(promiseId, ids, endAt),
    () => {
      const crowded = serversOf(state, own).filter((server) => isOvercommitted(state, server));
      return crowded.length === 0 ? [] : movesOff(state, crowded);
    },
  );
  return moved ? { moved: replanned(moved) } : { blockedCards: own.length };
}

const ALL = Number.MAX_SAFE_INTEGER;

/**
 * The planner over a pool's state, as the deciding code of `reservations` asks for it. Reads only. `spares` names the
 * cards that are kept from sale to stand in for others, those that work now.
 */
export function plannerOver(state: PoolState, spares: () => Iterable<number> = () => []): Planner {
  const empty = levelsOf(state, thoseFree(state.serverSize));
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

    planExtension: (promiseId, endAt) => planExtension(state, promiseId, endAt),
    undisturbedUntil: (promiseId, latestAt) => undisturbedUntil(state, promise(state, promiseId), latestAt),

    planWithout(cards, before) {
      const servers = [...new Set(cards.map((card) => state.cardServer[card] ?? 0))];
      const { moved } = changed(
        () => undoAll(cards.map((card) => state.setUsable(card, false))),
        () => healOrReplan(state, { before, most: ALL, servers }),
      );
      return replanned(moved);
    },

    planHealing: (most) => replanned(heal(state, { before: FOREVER, most }).moved),
    planDrain(cards, interval) {
      const { outcome, moved } = drainOutcome(state, cards, interval, [...spares()]);
      return { outcome, moved: replanned(moved) };
    },

    freeCards: (interval) => freeInPool(state, interval),
    cardsFor: (shares, interval) => cardsFor(state, shares, interval),

    sharesWithout: (promiseId, cards) => sharesWithout(state, promise(state, promiseId), cards),
    cardsToGiveBack: (cards, lost, count, whole) => cardsToGiveBack(state, cards, lost, count, whole),
    areWhole: (named, all, level, segmentCards) => areWhole(state, named, all, level, segmentCards),

    bindingCards(promiseId) {
      const wanted = promise(state, promiseId);
      const { cards, missing } = bindingCards(state, wanted);
      const neighbour = present(state.serverFirstCard[wanted.shares[0]?.server ?? 0], 'first card');
      return { cards, missing: new Array<number>(missing).fill(neighbour) };
    },

    replacementCard: (promiseId, failedCard, interval) =>
      replacementCard(state, promise(state, promiseId), failedCard, interval, { spares: spares() }),

    holderMoves: (promiseId, card, interval) => holderMoves(state, promise(state, promiseId), card, interval, spares()),

    fits: (candidate, toBind) => place(state, promiseOf(candidate), toBind) !== null,
    explainRoom(question) {
      return explainRoom(state, question, (candidate) => this.earliestStart(candidate), empty);
    },
    explainExtension: (promiseId, endAt, shorterSeconds, isDraining) =>
      explainExtension(state, promiseId, endAt, shorterSeconds, isDraining),

    earliestStart: (candidate) => earliestStart(state, candidate),
  };
}
