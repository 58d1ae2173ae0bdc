import { countedFree } from './has-room.ts';
import { makeRoom, relieve } from './make-room.ts';
import { readingOf } from './hour-window.ts';
import { place } from './place.ts';
import type { PoolState } from './pool-state.ts';
import { type Plan, Speculation } from './speculation.ts';
import type { PlannedPromise, Share } from './types.ts';

/** Up to so many tentative promises, all of them may be placed anew for one more. */
const REPLAN_ALL_MAX = 100;

/** True while a pool has so few tentative promises that all of them may be placed anew. */
export function mayReplanAll(state: PoolState): boolean {
  return state.tentativeCount <= REPLAN_ALL_MAX;
}

type Order = (a: PlannedPromise, b: PlannedPromise) => number;
const byId: Order = (a, b) => (a.id < b.id ? -1 : 1);

/** Two orders that rescue different mixes: large before early, and early before large (`facts/scheduling.md` §5). */
const ORDERS: readonly Order[] = [
  (a, b) => b.cards - a.cards || a.interval.startAt - b.interval.startAt || byId(a, b),
  (a, b) => a.interval.startAt - b.interval.startAt || b.cards - a.cards || byId(a, b),
];

/**
 * Places every tentative promise anew around what is bound, `candidate` among them; null unless all fit, or when they
 * are too many. The state is left as it was. `toBind` holds for the candidate, which needs its cards at once.
 */
function replanAll(state: PoolState, candidate: PlannedPromise | null, toBind: boolean): Plan | null {
  if (!mayReplanAll(state)) return null;
  const tentative = [...state.promises.values()].filter((promise) => !promise.isBound && promise.id !== candidate?.id);
  for (const order of ORDERS) {
    const plan = Speculation.over(state, (speculation) => {
      for (const promise of tentative) speculation.lift(promise);
      let own: readonly Share[] = [];
      for (const promise of [...tentative, ...(candidate ? [candidate] : [])].sort(order)) {
        const shares = place(state, promise, toBind && promise === candidate);
        if (!shares) return null;
        speculation.lay(promise, shares);
        if (promise === candidate) own = shares;
      }
      return { shares: own, moved: speculation.moved() };
    });
    if (plan) return plan;
  }
  return null;
}

/**
 * A place for a promise: as things stand, else where a few tentative ones make room, else, in a small pool, by placing
 * all of them anew. A promise that is in the plan already is placed as if it were not.
 */
export function planFor(state: PoolState, candidate: PlannedPromise, toBind: boolean): Plan | null {
  const putBack = state.lift(candidate.id);
  try {
    const shares = place(state, candidate, toBind);
    if (shares) return { shares, moved: [] };
    const reading = readingOf(state.index.hours(candidate.interval));
    const mayFit = state.index.knows(candidate.interval) && countedFree(state, reading) >= candidate.cards;
    return mayFit ? (makeRoom(state, candidate) ?? replanAll(state, candidate, toBind)) : null;
  } finally {
    putBack();
  }
}

/** The tentative promises that move off overcommitted servers; null when they cannot all be placed elsewhere. */
export function movesOff(state: PoolState, servers: readonly number[]): readonly PlannedPromise[] | null {
  const moved = Speculation.over(state, (speculation) =>
    relieve(state, speculation, servers) ? speculation.moved() : null,
  );
  return moved ?? replanAll(state, null, false)?.moved ?? null;
}
