import type { Interval } from '#lib/core/interval.ts';
import { overlaps } from '#lib/core/interval.ts';
import { type PoolState, peakOf } from './pool-state.ts';

/** A share of a promise that is left out of the count, because it is being placed anew. */
type Except = ReadonlySet<string>;
const NOBODY: Except = new Set();

/**
 * Cards of a server that can be promised over the whole of `interval`: usable cards less the peak of what is bound
 * and tentatively promised. With `toBind`, at most the cards that are free of every binding throughout, because a card
 * is bound for the whole interval.
 */
export function freeOnServer(
  state: PoolState,
  server: number,
  interval: Interval,
  toBind = false,
  except: Except = NOBODY,
): number {
  const usable = state.serverUsable[server] ?? 0;
  if (usable === 0) return 0;
  const taken: { interval: Interval; cards: number }[] = [];
  let unbound = 0;
  for (const card of state.cardsOf(server)) {
    if (state.isUsable[card] !== 1) continue;
    let isFree = true;
    for (const binding of state.bindingsOf(card)) {
      if (except.has(binding.promiseId) || !overlaps(binding.interval, interval)) continue;
      isFree = false;
      taken.push({ interval: binding.interval, cards: 1 });
    }
    if (isFree) unbound += 1;
  }
  for (const span of state.tentativeSpansOf(server)) if (!except.has(span.promiseId)) taken.push(span);
  const free = usable - peakOf(taken, interval);
  return Math.max(0, toBind ? Math.min(free, unbound) : free);
}

/** {@link freeOnServer} for every server of the pool. */
export function freePerServer(
  state: PoolState,
  interval: Interval,
  toBind = false,
  except: Except = NOBODY,
): Int16Array {
  const free = new Int16Array(state.serverCount);
  for (let server = 0; server < state.serverCount; server += 1)
    free[server] = freeOnServer(state, server, interval, toBind, except);
  return free;
}

/**
 * Cards that are free at the tightest moment of `interval`, counted over the whole pool: what could be promised if
 * cards could move freely. Fewer than asked means "capacity"; enough, but no placement, means "placement".
 */
export function freeInPool(state: PoolState, interval: Interval, except: Except = NOBODY): number {
  let usable = 0;
  for (const count of state.serverUsable) usable += count;
  const taken: { interval: Interval; cards: number }[] = [];
  for (const promise of state.promises.values()) {
    if (!promise.isBound && !except.has(promise.id)) taken.push({ interval: promise.interval, cards: promise.cards });
  }
  for (const binding of state.bindings()) {
    if (state.isUsable[binding.card] === 1 && !except.has(binding.promiseId))
      taken.push({ interval: binding.interval, cards: 1 });
  }
  return Math.max(0, usable - peakOf(taken, interval));
}

/** Cards of a server that are usable and free of bindings throughout an interval, in ordinal order. */
export function unboundCards(state: PoolState, server: number, interval: Interval): number[] {
  return [...state.cardsOf(server)].filter(
    (card) =>
      state.isUsable[card] === 1 && state.bindingsOf(card).every((binding) => !overlaps(binding.interval, interval)),
  );
}
