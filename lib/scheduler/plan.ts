import { freePerServer } from './free.ts';
import { placeOn } from './place.ts';
import type { PoolState, Undo } from './pool-state.ts';
import type { PlacementRequest, PlannedPromise, Share } from './types.ts';

/** Where a new promise goes, and which tentative ones move to make room. */
export type Plan = { readonly shares: readonly Share[]; readonly moved: readonly PlannedPromise[] };

/** A re-plan gives up beyond this many tentative promises; it keeps one decision within its time. */
const REPLAN_PROMISES_MAX = 2_000;

type Order = (a: PlannedPromise, b: PlannedPromise) => number;
const byId: Order = (a, b) => (a.id < b.id ? -1 : 1);

/** Two orders that rescue different mixes: large before early, and early before large (`facts/scheduling.md` §5). */
const ORDERS: readonly Order[] = [
  (a, b) => b.cards - a.cards || a.interval.startAt - b.interval.startAt || byId(a, b),
  (a, b) => a.interval.startAt - b.interval.startAt || b.cards - a.cards || byId(a, b),
];

/** Places a request around everything bound and tentative; null when it does not fit as things stand. */
export function place(
  state: PoolState,
  request: PlacementRequest,
  toBind: boolean,
  except?: ReadonlySet<string>,
): Share[] | null {
  return placeOn(state, freePerServer(state, request.interval, toBind, except), request);
}

/** Runs `work` on the state and takes every change of it back. */
function speculate<T>(work: (keep: (undo: Undo) => void) => T): T {
  const undos: Undo[] = [];
  try {
    return work((undo) => undos.push(undo));
  } finally {
    for (const undo of undos.reverse()) undo();
  }
}

/**
 * Places every tentative promise anew around what is bound, `candidate` among them; null unless all fit. The state is
 * left as it was. `toBind` holds for the candidate, which needs its cards at once.
 */
export function replan(state: PoolState, candidate: PlannedPromise | null, toBind: boolean): Plan | null {
  const tentative = [...state.promises.values()].filter((promise) => !promise.isBound && promise.id !== candidate?.id);
  if (tentative.length > REPLAN_PROMISES_MAX) return null;
  for (const order of ORDERS) {
    const plan = speculate((keep) => {
      for (const promise of tentative) keep(state.removePromise(promise.id));
      if (candidate && state.promises.has(candidate.id)) keep(state.removePromise(candidate.id));
      const placed = new Map<string, PlannedPromise>();
      for (const promise of [...tentative, ...(candidate ? [candidate] : [])].sort(order)) {
        const shares = place(state, promise, toBind && promise.id === candidate?.id);
        if (!shares) return null;
        const next = { ...promise, shares };
        keep(state.addPromise(next));
        placed.set(promise.id, next);
      }
      return placed;
    });
    if (!plan) continue;
    const moved = tentative.flatMap((before) => {
      const after = plan.get(before.id);
      return after && !isSameShares(before.shares, after.shares) ? [after] : [];
    });
    return { shares: (candidate ? plan.get(candidate.id)?.shares : null) ?? [], moved };
  }
  return null;
}

function isSameShares(a: readonly Share[], b: readonly Share[]): boolean {
  return a.length === b.length && a.every((share, i) => share.server === b[i]?.server && share.cards === b[i]?.cards);
}

/** A place for a new promise: as things stand, else by a re-plan of everything tentative. */
export function planFor(state: PoolState, candidate: PlannedPromise, toBind: boolean): Plan | null {
  const shares = place(state, candidate, toBind, new Set([candidate.id]));
  return shares ? { shares, moved: [] } : replan(state, candidate, toBind);
}
