import type { Interval } from '#lib/core/interval.ts';
import { overlaps } from '#lib/core/interval.ts';
import { type PoolState, peakOf } from './pool-state.ts';
import { boundIn, peakIn } from './profile.ts';

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
  const profile = isOn(state, server, except) ? state.profileWithout(server, except) : state.profileOf(server);
  const free = usable - peakIn(profile, interval);
  return Math.max(0, toBind ? Math.min(free, usable - boundIn(profile, interval)) : free);
}

/** True when one of the promises has a share or a card of the server. */
function isOn(state: PoolState, server: number, promises: Except): boolean {
  if (promises.size === 0) return false;
  for (const { promiseId } of state.tentativeSpansOf(server)) if (promises.has(promiseId)) return true;
  return [...promises].some((id) => state.bindingsOfPromise(id).some(({ card }) => state.cardServer[card] === server));
}

/** {@link freeOnServer} for every server of the pool. */
export function freePerServer(
  state: PoolState,
  interval: Interval,
  toBind = false,
  except: Except = NOBODY,
): Int16Array {
  const free = new Int16Array(state.serverCount);
  const isPlanned = [...except].some((id) => state.promises.has(id) || state.bindingsOfPromise(id).length > 0);
  for (let server = 0; server < state.serverCount; server += 1)
    free[server] = freeOnServer(state, server, interval, toBind, isPlanned ? except : NOBODY);
  return free;
}

function isSame(a: Interval, b: Interval): boolean {
  return a.startAt === b.startAt && a.endAt === b.endAt;
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
    if (state.isUsable[binding.card] !== 1 || except.has(binding.promiseId)) continue;
    // The cards of a promise are bound one after another, most often for the same time.
    const last = taken.at(-1);
    if (last && isSame(last.interval, binding.interval)) last.cards += 1;
    else taken.push({ interval: binding.interval, cards: 1 });
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
