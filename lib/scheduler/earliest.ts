import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { LAYOUTS, type Level } from '#lib/core/topology.ts';
import { hasRoom, hasServers } from './has-room.ts';
import { IDLE } from './free-words.ts';
import type { HourIndex } from './hour-index.ts';
import type { Shortage } from './known-shortage.ts';
import { highestOf, hourOf, LATER_SLOT, readingOf, slotOf } from './hour-window.ts';
import { firstWithout, mayHaveIn, Narrowing, type Need, slackAt, Stretches } from './narrowing.ts';
import type { PoolState } from './pool-state.ts';
import { firstHourTogether, lastsTogether } from './supernode-hours.ts';
import type { PlacementRequest } from './types.ts';
import { wordsOfSupernodes } from './whole-supernodes.ts';

/**
 * How many starts that counts do not rule out are tried before none is named; one of which only the servers can tell counts
 * as several. Those that are ruled out are not counted: how many are read depends on what is known.
 */
const TRIES_MAX = 64;
const SERVER_TRIES = 4;

type Wish = Pick<PlacementRequest, 'cards' | 'topology' | 'gang'>;

/** The hours that a request touches when it begins on one; null: it has no end. */
function lengthOf({ interval }: PlacementRequest): number | null {
  return interval.endAt === null ? null : Math.ceil((interval.endAt - interval.startAt) / HOUR_MS);
}

/** What all cards of a wish must lie on: of segments each, so that together they may lie anywhere. */
function reachOf({ topology, gang }: Wish): Level {
  return gang?.segmentCards ? 'pool' : LAYOUTS[topology].within;
}

/** True for what one server must have: what must lie on it, and where one needs to be sure, also what it may. */
function isOnOneServer({ index }: PoolState, wish: Wish, isSure: boolean): boolean {
  const reach = reachOf(wish);
  return reach === 'server' || (isSure && reach === 'supernode' && wish.cards <= index.levels);
}

/** What a wish needs in every hour, on one server, on whole ones, or wherever it may be cut into pieces. */
function needOf(state: PoolState, wish: Wish, isSure: boolean): Need {
  const { cards, topology, gang } = wish;
  const { whole } = LAYOUTS[topology];
  if (isOnOneServer(state, wish, isSure)) return { level: cards, count: 1, isSure };
  if (whole === null || gang?.segmentCards) return { level: 'any', count: cards, isSure };
  const servers = { level: IDLE, count: Math.ceil(cards / (state.serverSize[0] ?? 1)), isSure };
  if (whole === 'server') return servers;
  return { ...servers, supernodes: { count: Math.ceil(cards / state.supernodeSize), all: wordsOfSupernodes(state) } };
}

/** What is looked for: a wish, for so many hours on end, in what is needed for it. */
type Search = {
  readonly request: PlacementRequest;
  readonly hours: number | null;
  readonly need: Need;
  /** Where words are read for it, and not the counts of supernodes. */
  readonly isRead: boolean;
  readonly stretches: Stretches;
  readonly narrowing: Narrowing;
  /** So many servers with so much each are enough for it, and sooner read; null where none are but what is read anyway. */
  readonly enough: { readonly level: number; readonly count: number } | null;
  /** What is known already to be too little for it. */
  readonly shortage: Shortage;
};

function searchFor(state: PoolState, request: PlacementRequest, isSure: boolean): Search {
  const { index } = state;
  const need = needOf(state, request, isSure);
  const hours = lengthOf(request);
  const stretches = new Stretches(index, hours, mayHaveIn(index, need));
  const shortage = index.shortages.of(need);
  const narrowing = new Narrowing(index, need);
  const isRead = reachOf(request) === 'pool' || isOnOneServer(state, request, isSure);
  return { request, hours, need, isRead, stretches, narrowing, enough: enoughFor(index, need), shortage };
}

function enoughFor(index: HourIndex, { level, count, supernodes }: Need): Search['enough'] {
  if (level !== 'any') return supernodes ? null : { level, count };
  return count <= index.levels ? null : { level: index.levels, count: Math.ceil(count / index.levels) };
}

/**
 * True where enough servers are seen to be free throughout: mostly a part of all is read for it. Whole servers are looked for
 * so only from where such a start was found last: where there are too few, the break that is read next says more.
 */
function hasEnough(
  state: PoolState,
  { enough, need, shortage }: Search,
  moved: PlacementRequest,
  hour: number,
): boolean {
  if (enough === null || (need.level !== 'any' && hour < shortage.foundAt)) return false;
  return hasServers(state.roomOnce(moved.interval), enough.level, enough.count);
}

/** Where a stretch breaks, so that none that begins up to there can do; null: nowhere, as far as the index knows. */
function breakOf({ narrowing, stretches, shortage }: Search, start: number): number | null {
  const broken = breakIn(narrowing, stretches, start);
  if (broken !== null && broken !== Number.POSITIVE_INFINITY) {
    const behind = stretches.isLater(start) ? Number.POSITIVE_INFINITY : stretches.endOf(start);
    shortage.learn(broken, behind, narrowing.missing);
  }
  return broken;
}

function breakIn(narrowing: Narrowing, stretches: Stretches, start: number): number | null {
  if (stretches.isLater(start)) {
    if (!narrowing.begin(LATER_SLOT)) return Number.POSITIVE_INFINITY;
    return narrowing.breakIn(start, stretches.endOf(start));
  }
  const last = stretches.endOf(start) - 1;
  return narrowing.begin(slotOf(last)) ? narrowing.breakIn(start, last) : last;
}

/** The hour of `[from, to)` from which on a wish that begins with `from` has no room any more, as far as counts say. */
export function lastsUntil(state: PoolState, wish: Wish, from: number, to: number): number {
  const { index } = state;
  if (reachOf(wish) !== 'supernode') return firstWithout(index, needOf(state, wish, true), from, to);
  return lastsTogether(index, { cards: wish.cards, slackAt: () => 0 }, from, to);
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

/** The next hour from `from` on at which neither the curve of the pool nor what is known rules a start out. */
function nextInPool({ stretches, shortage }: Search, from: number): number | null {
  let start = stretches.next(from, Number.POSITIVE_INFINITY);
  while (start !== null) {
    const broken = shortage.breakIn(start, stretches.endOf(start), stretches.isLater(start));
    if (broken === null) return start;
    start = stretches.next(broken + 1, Number.POSITIVE_INFINITY);
  }
  return null;
}

/** The next hour from `from` on at which counts do not rule a start out. */
function nextHour(state: PoolState, search: Search, from: number): number | null {
  const { hours, need } = search;
  if (search.isRead) return nextInPool(search, from);
  const together = { cards: need.count, slackAt: (slot: number): number => slackAt(state.index, need, slot) };
  return firstHourTogether(state.index, together, hours, from);
}

/** A start that is proven. */
function found(state: PoolState, { shortage }: Search, moved: PlacementRequest): { startAt: Instant } {
  state.provenRoom.set(state.version, moved);
  shortage.foundAt = hourOf(moved.interval.startAt);
  return { startAt: moved.interval.startAt };
}

/** The first start from an hour on that is proven; else the hour up to which was looked, null when that was all. */
function tryFrom(state: PoolState, search: Search, from: number): { startAt: Instant } | { triedTo: number } | null {
  const { index } = state;
  const { need, isRead } = search;
  const { cards, gang } = search.request;
  const isCut = Boolean(gang?.segmentCards);
  // Of few cards, room is soon seen; of many, it is mostly cheaper to look first where the stretch breaks.
  const isSmall = need.level === 'any' && cards <= index.levels;
  let hour = nextHour(state, search, from);
  for (let tries = 0; hour !== null; ) {
    if (tries >= TRIES_MAX) return { triedTo: hour };
    const moved = movedTo(search.request, hour);
    const isSeen = isSmall ? hasRoom(state, moved, false) : isRead && !isCut && hasEnough(state, search, moved, hour);
    if (isSeen) return found(state, search, moved);
    const broken: number | null = isRead ? breakOf(search, hour) : null;
    if (broken === null) {
      const isPartly = highestOf(index.curves.partlyTaken, readingOf(index.hours(moved.interval))) > 0;
      // What was read to the end without a break is there, but for what takes parts of hours and for how segments lie.
      const isThere = isRead && !isCut && (need.level !== 'any' || !isPartly);
      if (!isSmall && (isThere || hasRoom(state, moved, false))) return found(state, search, moved);
      tries += isPartly || isCut ? SERVER_TRIES : 1;
    }
    hour = nextHour(state, search, 1 + (broken ?? hour));
  }
  return null;
}

/**
 * The first full hour after the start that was asked for at which a request would fit; null when none was found. Counts
 * name hours at which it may, the index or the servers prove them, a bounded number of times. Where what takes parts of
 * hours leaves too many to try, the first after those that the index is sure of.
 */
export function earliestStart(state: PoolState, request: PlacementRequest): Instant | null {
  if (reachOf(request) === 'server' && request.cards > state.index.levels) return null;
  const from = Math.max(state.index.baseHour, hourOf(request.interval.startAt) + 1);
  const tried = tryFrom(state, searchFor(state, request, false), from);
  if (tried === null) return null;
  if ('startAt' in tried) return tried.startAt;
  const sure = tryFrom(state, searchFor(state, request, true), tried.triedTo);
  return sure && 'startAt' in sure ? sure.startAt : null;
}
