import { type Interval, overlaps } from '#lib/core/interval.ts';
import { lowestBit, withoutLowestBit } from './bits.ts';
import { IDLE } from './hour-index.ts';
import { highestOf, lowestOf, readingOf } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import { boundIn, peakIn } from './profile.ts';

/**
 * Cards of a server that can be promised over the whole of `interval`: usable cards less the peak of what is bound
 * and tentatively promised. With `toBind`, at most the cards that are free of every binding throughout, because a card
 * is bound for the whole interval.
 */
export function freeOnServer(state: PoolState, server: number, interval: Interval, toBind = false): number {
  const usable = state.serverUsable[server] ?? 0;
  if (usable === 0) return 0;
  const profile = state.profileOf(server);
  const free = usable - peakIn(profile, interval);
  return Math.max(0, toBind ? Math.min(free, usable - boundIn(profile, interval)) : free);
}

/**
 * True when a card that is free throughout `interval` is sure to be there for each that is not taken at its tightest
 * moment: everything bound that shares a time with the interval holds its cards when the interval begins.
 */
export function isBoundByStart(state: PoolState, server: number, { startAt }: Interval): boolean {
  return (state.latestBoundStart[server] ?? 0) <= startAt;
}

/**
 * {@link freeOnServer} for every server of the pool. The index knows it of servers of which nothing takes a part of an
 * hour, and with `toBind` of those of which nothing is bound after the start; only the others are asked.
 */
export function freePerServer(state: PoolState, interval: Interval, toBind: boolean): Int16Array {
  const { index } = state;
  if (!index.knows(interval))
    return Int16Array.from(state.serverSize.keys(), (server) => freeOnServer(state, server, interval, toBind));
  const room = state.roomOver(interval);
  const { reading } = room;
  const free = new Int16Array(state.serverCount);
  const isPartly = highestOf(index.curves.partlyTaken, reading) > 0;
  for (let word = 0; word < index.wordCount; word += 1) {
    let servers = index.levels > 0 ? room.word(1, word) : 0;
    const begun = toBind && servers !== 0 ? servers & ~room.word(IDLE, word) : 0;
    for (let level = 1; servers !== 0; level += 1) {
      const roomier = level < index.levels ? room.word(level + 1, word) : 0;
      for (let rest = servers & ~roomier; rest !== 0; rest = withoutLowestBit(rest))
        free[word * 32 + lowestBit(rest)] = level;
      servers = roomier;
    }
    const partly = isPartly ? index.partlyTaken(word, reading) : 0;
    for (let rest = partly | begun; rest !== 0; rest = withoutLowestBit(rest)) {
      const server = word * 32 + lowestBit(rest);
      if ((partly & (rest & -rest)) !== 0 || !isBoundByStart(state, server, interval))
        free[server] = freeOnServer(state, server, interval, toBind);
    }
  }
  return free;
}

/**
 * Cards that are free in the tightest hour of `interval`, counted over the whole pool: what could be promised if cards
 * could move freely. Fewer than asked means "capacity"; enough, but no placement, means "placement".
 */
export function freeInPool(state: PoolState, interval: Interval): number {
  const { index } = state;
  const { from, to, isLater } = index.hours(interval);
  // Of a time that is over, what is free in the first hour that is known.
  return lowestOf(index.curves.freeCards, readingOf({ from, to: isLater ? to : Math.max(to, from + 1), isLater }));
}

/** Cards of a server that are usable and free of bindings throughout an interval, in ordinal order. */
export function unboundCards(state: PoolState, server: number, interval: Interval): number[] {
  const found: number[] = [];
  const first = state.serverFirstCard[server] ?? 0;
  for (let card = first; card < first + (state.serverSize[server] ?? 0); card += 1)
    if (state.isUsable[card] === 1 && !isBoundWithin(state, card, interval)) found.push(card);
  return found;
}

/** True when so many cards of a server are usable and free of bindings: what else is there could move. */
export function hasUnbound(state: PoolState, server: number, interval: Interval, cards: number): boolean {
  let spare = (state.serverUsable[server] ?? 0) - cards;
  if ((state.latestBoundEnd[server] ?? 0) <= interval.startAt) return spare >= 0;
  const first = state.serverFirstCard[server] ?? 0;
  for (let card = first; spare >= 0 && card < first + (state.serverSize[server] ?? 0); card += 1) {
    if (state.isUsable[card] === 1 && isBoundWithin(state, card, interval)) spare -= 1;
  }
  return spare >= 0;
}

/** True when a card is bound at some time of an interval. */
export function isBoundWithin(state: PoolState, card: number, interval: Interval): boolean {
  for (const binding of state.bindingsOf(card)) if (overlaps(binding.interval, interval)) return true;
  return false;
}
