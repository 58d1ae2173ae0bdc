import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { countBits } from './bits.ts';
import { type HourIndex, IDLE } from './hour-index.ts';
import { LATER_SLOT, slotOf, WINDOW_HOURS } from './hour-window.ts';
import { place } from './place.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest } from './types.ts';
import { countWhole, type SupernodeWords, wordsOfSupernodes } from './whole-supernodes.ts';

/** How often a window of hours is moved on, and how many starts are tried, before it is said that none was found. */
const MOVES_MAX = 256;
const TRIES_MAX = 8;
/** As many for what may be cut into pieces: the index has no answer for it, only counts. */
const CUT_TRIES_MAX = 32;

/**
 * At least `count` servers with at least `level` cards free, for `hours` hours on end (null: with no end), and among them
 * all servers of some `supernodes`.
 */
type Need = {
  readonly level: number;
  readonly count: number;
  readonly hours: number | null;
  readonly supernodes: { readonly count: number; readonly all: SupernodeWords } | null;
};

/** What a request needs at least; what it needs besides, only a placement tells. */
function needOf(state: PoolState, { cards, topology, interval }: PlacementRequest): Need {
  const hours = interval.endAt === null ? null : Math.ceil((interval.endAt - interval.startAt) / HOUR_MS);
  const size = state.serverSize[0] ?? 1;
  const { whole } = LAYOUTS[topology];
  if (whole === null && cards <= size) return { level: cards, count: 1, hours, supernodes: null };
  const supernodes =
    whole === 'supernode' ? { count: cards / state.supernodeSize, all: wordsOfSupernodes(state) } : null;
  return { level: IDLE, count: Math.floor(cards / size), hours, supernodes };
}

/** Leaves in `words` the servers that are free enough in a slot too; false when they are too few then. */
function narrow(index: HourIndex, words: Int32Array, { level, count, supernodes }: Need, slot: number): boolean {
  let servers = 0;
  for (let word = 0; word < words.length; word += 1) {
    const left = (words[word] ?? 0) & index.wordAt(level, word, slot);
    words[word] = left;
    if (left !== 0) servers += countBits(left);
  }
  return servers >= count && (supernodes === null || countWhole(words, supernodes.all) >= supernodes.count);
}

/**
 * The first hour from `from` on at which what is needed is there. Each window of hours is read from its end: where it
 * breaks, no window that begins before can do, so the next begins after it.
 */
function firstHour(index: HourIndex, need: Need, from: number): number | null {
  if (need.count === 1 && need.supernodes === null) return firstHourOfOne(index, need, from);
  const behind = index.baseHour + WINDOW_HOURS;
  const words = new Int32Array(index.wordCount);
  let start = from;
  for (let moves = 0; moves < MOVES_MAX && start < behind; moves += 1) {
    const end = need.hours === null ? Number.POSITIVE_INFINITY : start + need.hours;
    words.fill(-1);
    if (end > behind && !narrow(index, words, need, LATER_SLOT)) return null;
    let hour = Math.min(end, behind) - 1;
    while (hour >= start && narrow(index, words, need, slotOf(hour))) hour -= 1;
    if (hour < start) return start;
    start = hour + 1;
  }
  return null;
}

/** {@link firstHour} where one server is enough: 32 of them at a time, each no further than the best so far. */
function firstHourOfOne(index: HourIndex, { level, hours }: Need, from: number): number | null {
  const behind = index.baseHour + WINDOW_HOURS;
  let best = behind;
  for (let word = 0; word < index.wordCount; word += 1) {
    for (let start = from; start < best; ) {
      const end = hours === null ? Number.POSITIVE_INFINITY : start + hours;
      const servers = end > behind ? index.wordAt(level, word, LATER_SLOT) : -1;
      if (servers === 0) break;
      const broken = index.breakIn(level, word, start, Math.min(end, behind), servers);
      if (broken === null) best = start;
      start = (broken ?? start) + 1;
    }
  }
  return best < behind ? best : null;
}

/** The first hour from `from` on at which the pool has so many cards, wherever they lie, for all the hours. */
function firstHourOfCount({ curves, baseHour }: HourIndex, cards: number, hours: number | null, from: number) {
  const behind = baseHour + WINDOW_HOURS;
  const isThere = (slot: number): boolean => (curves.freeCards[slot] ?? 0) + (curves.partlyTaken[slot] ?? 0) >= cards;
  for (let start = from; start < behind; ) {
    const end = hours === null ? Number.POSITIVE_INFINITY : start + hours;
    if (end > behind && !isThere(LATER_SLOT)) return null;
    let hour = Math.min(end, behind) - 1;
    while (hour >= start && isThere(slotOf(hour))) hour -= 1;
    if (hour < start) return start;
    start = hour + 1;
  }
  return null;
}

/** A request for an hour, as long as it was. */
function movedTo(request: PlacementRequest, hour: number): PlacementRequest {
  const { startAt, endAt } = request.interval;
  const start = instant(hour * HOUR_MS);
  return {
    ...request,
    interval: { startAt: start, endAt: endAt === null ? null : instant(start + (endAt - startAt)) },
  };
}

/**
 * The first full hour after the start that was asked for at which a request would fit; null when none was found. What
 * may be cut into pieces needs only the count, so that is looked for first, a bounded number of times.
 */
export function earliestStart(state: PoolState, request: PlacementRequest): Instant | null {
  const { startAt } = request.interval;
  const need = needOf(state, request);
  let from = Math.max(state.index.baseHour, Math.floor(startAt / HOUR_MS) + 1);
  const tryFrom = (triesMax: number, next: () => number | null): Instant | null => {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const hour = next();
      if (hour === null) return null;
      const moved = movedTo(request, hour);
      if (place(state, moved, false)) return moved.interval.startAt;
      from = hour + 1;
    }
    return null;
  };
  const isCut = request.gang?.segmentCards != null;
  if (isCut || (LAYOUTS[request.topology].whole === null && LAYOUTS[request.topology].within !== 'server')) {
    const found = tryFrom(CUT_TRIES_MAX, () => firstHourOfCount(state.index, request.cards, need.hours, from));
    if (found !== null) return found;
  }
  return isCut ? null : tryFrom(TRIES_MAX, () => firstHour(state.index, need, from));
}
