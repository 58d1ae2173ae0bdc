import { invariant, present } from '#lib/core/assert.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { lowestBit, withoutLowestBit } from './bits.ts';
import { hasUnbound } from './free.ts';
import { lowestOf, type Reading, readingOf } from './hour-window.ts';
import { place } from './place.ts';
import type { PoolState } from './pool-state.ts';
import { peakIn, type Span } from './profile.ts';
import { TakenHours } from './taken-hours.ts';
import { type Plan, Speculation } from './speculation.ts';
import type { PlannedPromise, Share } from './types.ts';
import { roomiestSupernodes } from './whole-supernodes.ts';

/** No larger promise moves for another: it would have to find as much room as it leaves. */
const MOVED_CARDS_MAX = 64;
/** So many targets are tried for one promise. */
const TARGETS_MAX = 2;
/** So many promises are placed anew for one target: a count, not a time, so that the same state gives the same answer. */
const MOVES_MAX = 6;
/** So many servers are looked at for those whose promises could move, besides as many as are needed. */
const LOOKS_MAX = 32;

/** True while more is promised on a server than there is, at some moment of the interval of a promise there. */
export function isOvercommitted(state: PoolState, server: number): boolean {
  const usable = state.serverUsable[server] ?? 0;
  const profile = state.profileOf(server);
  if (profile.highest <= usable) return false;
  for (const { interval } of state.tentativeSpansOf(server)) if (peakIn(profile, interval) > usable) return true;
  return false;
}

/** The tentative promises on a server, the smallest first. */
function tentativeOn(state: PoolState, server: number): PlannedPromise[] {
  const there = state.tentativeSpansOf(server).flatMap(({ promiseId }) => state.promises.get(promiseId) ?? []);
  return there.sort((a, b) => a.cards - b.cards || endOf(a.interval) - endOf(b.interval) || (a.id < b.id ? -1 : 1));
}

/** Places what was lifted, the largest first; false when one of them fits nowhere. */
function placeAll(state: PoolState, speculation: Speculation, lifted: PlannedPromise[]): boolean {
  lifted.sort((a, b) => b.cards - a.cards || a.interval.startAt - b.interval.startAt || (a.id < b.id ? -1 : 1));
  return lifted.every((promise) => {
    const shares = place(state, promise, false);
    if (shares) speculation.lay(promise, shares);
    return shares !== null;
  });
}

/**
 * Moves tentative promises off servers on which more is promised than there is, no more of them than needed. False when
 * one of them fits nowhere, or when what is bound stands in the way.
 */
export function relieve(state: PoolState, speculation: Speculation, servers: readonly number[]): boolean {
  const lifted: PlannedPromise[] = [];
  for (const server of servers) {
    const usable = state.serverUsable[server] ?? 0;
    for (const promise of tentativeOn(state, server)) {
      if (!isOvercommitted(state, server)) break;
      if (peakIn(state.profileOf(server), promise.interval) <= usable) continue;
      speculation.lift(promise);
      lifted.push(promise);
    }
    if (isOvercommitted(state, server)) return false;
  }
  return placeAll(state, speculation, lifted);
}

/**
 * Visits servers on which so many cards would be free if tentative promises moved; those with the most free now come first.
 * Ends when `visit` says that it has seen enough.
 */
function visitMovable(
  state: PoolState,
  candidate: PlannedPromise,
  cards: number,
  visit: (server: number) => boolean,
): void {
  invariant(!state.isTrying, 'room is made for one promise at a time');
  const room = state.roomOver(candidate.interval);
  const looksMax = LOOKS_MAX + Math.floor(candidate.cards / cards);
  let looks = 0;
  const highest = room.highestLevel();
  for (let level = highest; level >= 0; level -= 1) {
    for (const word of room.wordsWith(level)) {
      const all = level === 0 ? -1 : room.word(level, word);
      const servers = level === highest ? all : all & ~room.word(level + 1, word);
      for (let rest = servers; rest !== 0; rest = withoutLowestBit(rest)) {
        const server = word * 32 + lowestBit(rest);
        if (server >= state.serverCount) break;
        if (looks === looksMax) return;
        looks += 1;
        // Where all of a server is free, nothing is bound.
        const mayMove = level === state.serverSize[server] || hasUnbound(state, server, candidate.interval, cards);
        if (mayMove && visit(server)) return;
      }
    }
  }
}

/** The tentative promises that must leave whole servers: seen before any is lifted, because of a whole server all must. */
class Leaving {
  readonly #ids = new Set<string>();

  /** Counts those on one more server; false when they are too many, or one is too large, so that nothing comes of it. */
  add(state: PoolState, server: number, interval: Interval): boolean {
    for (const span of state.tentativeSpansIn(server, interval)) {
      this.#ids.add(span.promiseId);
      if (span.promisedCards > MOVED_CARDS_MAX || this.#ids.size > MOVES_MAX) return false;
    }
    return true;
  }
}

/**
 * Visits sets of shares that would hold a promise if others moved, those with the most room now first, until `visit` says
 * that it has seen enough.
 */
function visitTargets(
  state: PoolState,
  candidate: PlannedPromise,
  reading: Reading,
  visit: (shares: readonly Share[]) => boolean,
): void {
  const { cards, topology, gang, interval } = candidate;
  // Segments go where there is room; nobody moves for them but when all are placed anew.
  if (gang?.segmentCards) return;
  const size = state.serverSize[0] ?? 1;
  const { within, whole } = LAYOUTS[topology];
  if (whole === 'supernode') {
    for (const shares of roomiestSupernodes(state, candidate, reading)) if (visit(shares)) return;
  } else if (whole === null && cards < size) {
    visitMovable(state, candidate, cards, (server) => visit([{ server, cards }]));
  } else if (cards % size === 0 && (within !== 'server' || cards === size)) {
    const needed = cards / size;
    // Each server that is not idle has somebody to move.
    if (needed - lowestOf(state.index.curves.idleServers, reading) > 2 * MOVES_MAX) return;
    const groups = new Map<number, Share[]>();
    const leaving = new Leaving();
    visitMovable(state, candidate, size, (server) => {
      // Of the whole pool there is but one set of several.
      if (within !== 'supernode' && needed > 1 && !leaving.add(state, server, interval)) return true;
      const key = within === 'supernode' ? (state.serverSupernode[server] ?? 0) : 0;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ server, cards: size });
      return group.length === needed && visit(group);
    });
  }
}

/** The smallest first, then those that are over first, then the lower id. */
function bySize(a: Span, b: Span): number {
  return (
    a.promisedCards - b.promisedCards || endOf(a.interval) - endOf(b.interval) || (a.promiseId < b.promiseId ? -1 : 1)
  );
}

/**
 * Names the promises that must leave a server so that a share is free on it, the smallest first, besides those that leave
 * others already; false when they are too many, or are not enough. Counts, and changes nothing.
 */
function mustLeave(state: PoolState, { server, cards }: Share, interval: Interval, leaving: Set<string>): boolean {
  const taken = new TakenHours(state.index, server, interval);
  const room = (state.serverUsable[server] ?? 0) - cards;
  const others: Span[] = [];
  for (const span of state.tentativeSpansIn(server, interval)) {
    if (leaving.has(span.promiseId)) taken.giveBack(span.interval, span.cards);
    else if (span.promisedCards <= MOVED_CARDS_MAX && state.promises.has(span.promiseId)) others.push(span);
  }
  if (taken.most <= room) return true;
  if (!taken.mayFallTo(room, others)) return false;
  for (const { promiseId, interval: given, cards: there } of others.sort(bySize)) {
    if (leaving.size === MOVES_MAX) return false;
    leaving.add(promiseId);
    taken.giveBack(given, there);
    if (taken.most <= room) return true;
  }
  return false;
}

/** The tentative promises that must leave so that shares are free; null when they are too many, or are not enough. */
function inTheWay(
  state: PoolState,
  { interval }: PlannedPromise,
  shares: readonly Share[],
  reading: Reading,
): PlannedPromise[] | null {
  const size = state.serverSize[0] ?? 1;
  const taken = shares.filter(({ server, cards }) => state.index.lowestOn(server, reading) < cards);
  const whole = new Leaving();
  for (const { server, cards } of taken) if (cards === size && !whole.add(state, server, interval)) return null;
  const leaving = new Set<string>();
  for (const share of taken) if (!mustLeave(state, share, interval, leaving)) return null;
  return [...leaving].map((id) => present(state.promises.get(id), `promise ${id}`));
}

/**
 * The plan that lays a promise on given shares, from which a few tentative ones move elsewhere; null when one of them
 * fits nowhere, when they are too many, or when what is bound stands in the way.
 */
export function makeRoomOn(
  state: PoolState,
  candidate: PlannedPromise,
  shares: readonly Share[],
  reading: Reading,
): Plan | null {
  const lifted = inTheWay(state, candidate, shares, reading);
  if (!lifted) return null;
  return Speculation.over(state, (speculation) => {
    for (const promise of lifted) speculation.lift(promise);
    speculation.lay(candidate, shares);
    return placeAll(state, speculation, lifted) ? { shares, moved: speculation.moved() } : null;
  });
}

/** A place for a promise where a few tentative ones move elsewhere for it; null when none is found within the bounds. */
export function makeRoom(state: PoolState, candidate: PlannedPromise): Plan | null {
  const reading = readingOf(state.index.hours(candidate.interval));
  let tried = 0;
  let plan: Plan | null = null;
  visitTargets(state, candidate, reading, (shares) => {
    tried += 1;
    plan = makeRoomOn(state, candidate, shares, reading);
    return plan !== null || tried === TARGETS_MAX;
  });
  return plan;
}
