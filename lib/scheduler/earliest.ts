import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { type HourIndex, IDLE } from './hour-index.ts';
import { highestOf, hourOf, LATER_SLOT, readingOf, WINDOW_HOURS } from './hour-window.ts';
import { mayHave, Narrowing, type Need, Stretches } from './narrowing.ts';
import { hasRoom } from './has-room.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest } from './types.ts';

/** How many starts are tried before none is named; one where something takes a part of an hour counts as several. */
const TRIES_MAX = 64;
const PARTLY_TRIES = 4;

/** The hours that a request touches when it begins on one; null: it has no end. */
function lengthOf({ interval }: PlacementRequest): number | null {
  return interval.endAt === null ? null : Math.ceil((interval.endAt - interval.startAt) / HOUR_MS);
}

/** What a request needs in every hour, on one server, on whole ones, or wherever it may be cut into pieces. */
function needOf(state: PoolState, { cards, topology }: PlacementRequest): Need {
  if (topology === 'any' || topology === 'same-supernode') return { level: 'any', count: cards };
  if (topology === 'same-server') return { level: cards, count: 1 };
  return { level: IDLE, count: Math.ceil(cards / (state.serverSize[0] ?? 1)) };
}

/** Where a stretch breaks, so that none that begins up to there can do; null: nowhere, as far as the index knows. */
function breakOf(index: HourIndex, need: Need, stretches: Stretches, start: number): number | null {
  const narrowing = new Narrowing(index, need);
  if (stretches.isLater(start) && !narrowing.read(LATER_SLOT)) return Number.POSITIVE_INFINITY;
  return narrowing.breakIn(start, stretches.endOf(start));
}

/** The first hour at which one server has a level: 32 of them at a time, each no further than the best so far. */
function firstHourOfOne(index: HourIndex, level: number, hours: number | null, from: number): number | null {
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

/** The first hour from `from` on at which some supernode has so many cards in every hour, as far as its count says. */
function firstHourTogether({ index, supernodeCount }: PoolState, cards: number, hours: number | null, from: number) {
  const { curves } = index;
  let best: number | null = null;
  for (let supernode = 0; supernode < supernodeCount; supernode += 1) {
    const isThere = (slot: number): boolean =>
      curves.freeInSupernode(supernode, slot) + (curves.partlyTaken[slot] ?? 0) >= cards;
    best = new Stretches(index, hours, isThere).next(from, best ?? Number.POSITIVE_INFINITY) ?? best;
  }
  return best;
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
 * The first full hour after the start that was asked for at which a request would fit; null when none was found. Counts
 * name hours at which it may, the index or the servers prove them, a bounded number of times.
 */
export function earliestStart(state: PoolState, request: PlacementRequest): Instant | null {
  const { index } = state;
  const { cards, topology } = request;
  const hours = lengthOf(request);
  const need = needOf(state, request);
  const stretches = new Stretches(index, hours, (slot) => mayHave(index, need, slot));
  const nextFrom = (from: number): number | null => {
    if (topology === 'same-server') return cards > index.levels ? null : firstHourOfOne(index, cards, hours, from);
    if (topology === 'same-supernode') return firstHourTogether(state, cards, hours, from);
    return stretches.next(from, Number.POSITIVE_INFINITY);
  };
  let hour = nextFrom(Math.max(index.baseHour, hourOf(request.interval.startAt) + 1));
  for (let tries = 0; hour !== null && tries < TRIES_MAX; tries += 1) {
    const moved = movedTo(request, hour);
    const isPartly = highestOf(index.curves.partlyTaken, readingOf(index.hours(moved.interval))) > 0;
    const broken: number | null =
      topology === 'any' || topology === 'whole-servers' ? breakOf(index, need, stretches, hour) : null;
    if (broken === null && hasRoom(state, moved, false)) return moved.interval.startAt;
    if (isPartly && broken === null) tries += PARTLY_TRIES - 1;
    hour = nextFrom(1 + (broken ?? hour));
  }
  return null;
}
