import { type Interval, overlaps } from '#lib/core/interval.ts';
import { lowestBit, withoutLowestBit } from './bits.ts';
import { IDLE } from './free-words.ts';
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
  return state.latestBoundStart(server) <= startAt;
}

/** Servers that have something free, each once, in no order, and beside them how many cards. */
export type FreeServers = { readonly servers: readonly number[]; readonly cards: readonly number[] };

/** Those of all servers that have something free. */
export function thoseFree(free: ArrayLike<number>): FreeServers {
  const servers = Array.from(free, (_, server) => server).filter((server) => (free[server] ?? 0) > 0);
  return { servers, cards: servers.map((server) => free[server] ?? 0) };
}

/**
 * {@link freeOnServer} for the servers that have anything. The index knows it of servers of which nothing takes a part of
 * an hour, and with `toBind` of those of which nothing is bound after the start; only the others are asked.
 */
export function freeServers(state: PoolState, interval: Interval, toBind: boolean): FreeServers {
  const { index } = state;
  if (!index.knows(interval))
    return thoseFree(state.serverSize.map((_, server) => freeOnServer(state, server, interval, toBind)));
  const room = state.roomOver(interval);
  const [servers, cards]: [number[], number[]] = [[], []];
  const isPartly = highestOf(index.curves.partlyTaken, room.reading) > 0;
  for (let word = 0; word < index.wordCount; word += 1) {
    const some = index.levels > 0 ? room.word(1, word) : 0;
    const partly = isPartly ? index.partly.during(word, room.reading) : 0;
    const asked =
      partly | (toBind && some !== 0 ? boundLater(state, interval, word, some & ~room.word(IDLE, word)) : 0);
    for (let level = 1, left = some & ~asked; left !== 0; level += 1) {
      const roomier = level < index.levels ? room.word(level + 1, word) & left : 0;
      for (let rest = left & ~roomier; rest !== 0; rest = withoutLowestBit(rest)) {
        servers.push(word * 32 + lowestBit(rest));
        cards.push(level);
      }
      left = roomier;
    }
    for (let rest = asked; rest !== 0; rest = withoutLowestBit(rest)) {
      const server = word * 32 + lowestBit(rest);
      const free = freeOnServer(state, server, interval, toBind);
      if (free === 0) continue;
      servers.push(server);
      cards.push(free);
    }
  }
  return { servers, cards };
}

/** Of some servers of a word, those of which something is bound after the start of an interval. */
function boundLater(state: PoolState, interval: Interval, word: number, servers: number): number {
  let found = 0;
  for (let rest = servers; rest !== 0; rest = withoutLowestBit(rest))
    if (!isBoundByStart(state, word * 32 + lowestBit(rest), interval)) found |= rest & -rest;
  return found;
}

/** {@link freeOnServer} for every server of the pool. */
export function freePerServer(state: PoolState, interval: Interval, toBind: boolean): Int16Array {
  return everyServer(state, freeServers(state, interval, toBind));
}

/** What servers have free, by server. */
export function everyServer(state: PoolState, { servers, cards }: FreeServers): Int16Array {
  const free = new Int16Array(state.serverCount);
  for (let i = 0; i < servers.length; i += 1) free[servers[i] ?? 0] = cards[i] ?? 0;
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
  if (state.latestBoundEnd(server) <= interval.startAt) return spare >= 0;
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
