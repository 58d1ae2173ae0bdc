import { ceilToHour, HOUR_MS, type Instant, plusMs, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import { cardsStepOf, LAYOUTS, LOOSER } from '#lib/core/topology.ts';
import { lastThat } from '#lib/core/last-that.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';
import type { FreePerLevel, RoomFacts, RoomQuestion, Sooner, Token } from '#lib/reservations/explanation.ts';
import type { PromiseView } from '#lib/reservations/planner-types.ts';
import { inTheWayIn, tightestHour } from './blocking.ts';
import type { InTheWay } from './known-blockers.ts';
import { lastsUntil } from './earliest.ts';
import { freeInPool, freeServers, thoseFree } from './free.ts';
import { hasRoom } from './has-room.ts';
import { highestOf, type Hours, readingOf } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import { type Levels, levelsOf, mostCards } from './room-levels.ts';

/** How many starts are proven before a refusal names none. */
const STARTS_MAX = 4;

/** One look at a pool for one wish; every question counts what servers have free once. */
class Room {
  readonly #state: PoolState;
  readonly #question: RoomQuestion;

  constructor(state: PoolState, question: RoomQuestion) {
    this.#state = state;
    this.#question = question;
  }

  #isBinding({ startAt }: Interval): boolean {
    return startAt <= this.#question.bindsBefore;
  }

  /** Looks as if the wish were not in the plan. */
  #apart<T>(look: () => T): T {
    const putBack = this.#state.lift(this.#question.candidate.id);
    try {
      return look();
    } finally {
      putBack();
    }
  }

  levels(interval: Interval): Levels {
    const state = this.#state;
    return this.#apart(() =>
      levelsOf(state, freeServers(state, interval, this.#isBinding(interval)), this.#question.candidate.gang),
    );
  }

  /** True when the wish fits `interval` with nothing else moved. */
  fits(interval: Interval): boolean {
    const { cards, topology, gang } = this.#question.candidate;
    return this.#apart(() => hasRoom(this.#state, { cards, topology, gang, interval }, this.#isBinding(interval)));
  }

  fitsAt(startAt: Instant): boolean {
    return this.fits(movedTo(this.#question.candidate, startAt).interval);
  }

  /** The last of some lengths in seconds, rising, that fits; null when none does. */
  longestThatFits(rising: readonly number[]): number | null {
    const { index } = this.#state;
    const { candidate } = this.#question;
    const { startAt } = candidate.interval;
    const fits = (seconds: number): boolean => this.fits({ startAt, endAt: plusSeconds(startAt, seconds) });
    const longest = rising.at(-1);
    if (longest === undefined || !index.knows(candidate.interval)) return lastThat(rising, fits);
    const hours = index.hours({ startAt, endAt: plusSeconds(startAt, longest) });
    const guess = this.#guess(rising, hours);
    // The index knows it, unless pieces must lie together, something takes a part of an hour, or cards are bound at once.
    const isInPieces = candidate.gang?.segmentCards || LAYOUTS[candidate.topology].within === 'supernode';
    const isCertain = !isInPieces && !this.#isBinding(candidate.interval) && !hours.isLater;
    if (isCertain && highestOf(index.curves.partlyTaken, readingOf(hours)) === 0) return rising[guess] ?? null;
    return lastThat(rising, fits, guess);
  }

  /** Which of some lengths is the last that ends before room does, as far as counts say. */
  #guess(rising: readonly number[], { from, to }: Hours): number {
    const { candidate } = this.#question;
    const { startAt } = candidate.interval;
    const endsAt = this.#apart(() => lastsUntil(this.#state, candidate, from, to)) * HOUR_MS;
    let [fits, behind] = [0, rising.length];
    while (fits < behind) {
      const middle = (fits + behind) >>> 1;
      if (startAt + (rising[middle] ?? 0) * SECOND_MS <= endsAt) fits = middle + 1;
      else behind = middle;
    }
    return fits - 1;
  }

  /** True when it would fit were those cards back. The state is left as it was. */
  fitsWith(cards: readonly number[]): boolean {
    if (cards.length === 0) return false;
    return this.#state.index.shortages.freed.trying(() => {
      const undos = cards.map((card) => this.#state.setUsable(card, true));
      try {
        return this.fits(this.#question.candidate.interval);
      } finally {
        for (const undo of undos.reverse()) undo();
      }
    });
  }

  freeCards(): number {
    return this.#apart(() => freeInPool(this.#state, this.#question.candidate.interval));
  }

  inTheWay(): InTheWay {
    const { id, interval } = this.#question.candidate;
    const hour = this.#apart(() => tightestHour(this.#state, interval));
    return inTheWayIn(this.#state, hour, id);
  }
}

function movedTo(candidate: PromiseView, startAt: Instant): PromiseView {
  const { interval } = candidate;
  const lengthMs = endOf(interval) - interval.startAt;
  return { ...candidate, interval: { startAt, endAt: interval.endAt === null ? null : plusMs(startAt, lengthMs) } };
}

/** The first start that is proven: `found` if it holds, else the next ones that the plan names, a few of them. */
function provenStart(
  room: Room,
  { candidate, earliestStartAt, bindsBefore }: RoomQuestion,
  nextStart: (candidate: PromiseView) => Instant | null,
): Instant | null {
  const startsAt = candidate.interval.startAt;
  // Once cards need not be bound at once, room grows without anything ending.
  const freer = ceilToHour(plusMs(bindsBefore, 1));
  const withoutBinding = startsAt <= bindsBefore && room.fitsAt(freer) ? freer : null;
  let at = earliestStartAt;
  for (let tries = 1; at !== null && !room.fitsAt(at); tries += 1)
    at = tries < STARTS_MAX ? nextStart(movedTo(candidate, at)) : null;
  return at === null || (withoutBinding !== null && withoutBinding < at) ? withoutBinding : at;
}

function soonerOf(state: PoolState, { candidate }: RoomQuestion, levels: Levels, shorterSeconds: number | null) {
  const { cards, topology, interval } = candidate;
  const { startAt } = interval;
  const sooner: Sooner[] = [];
  const looser = LOOSER[topology].find((each) => mostCards(state, levels, each) >= cards);
  if (looser) sooner.push({ change: 'looserTopology', value: looser, startAt });
  const fewer = mostCards(state, levels, topology);
  if (fewer > 0) sooner.push({ change: 'fewerCards', value: fewer, startAt });
  if (shorterSeconds !== null) sooner.push({ change: 'shorter', value: shorterSeconds, startAt });
  return sooner;
}

/** True when enough cards are of no use because no supernode, or none as a whole, has them. */
function isOverSupernodes({ topology }: PromiseView): boolean {
  const { within, whole } = LAYOUTS[topology];
  return within === 'supernode' || whole === 'supernode';
}

/** True when no plan could ever give it: the pool is too small, or not made so. */
function neverFits(state: PoolState, { cards, topology, gang }: PromiseView, empty: Levels): boolean {
  const isCut = cards % cardsStepOf(topology, state.sizes, gang) !== 0;
  const levels = gang?.segmentCards ? levelsOf(state, thoseFree(state.serverSize), gang) : empty;
  return isCut || mostCards(state, levels, topology) < cards;
}

/**
 * Why a promise that `plan` refused finds no room, and what would. Places a bounded number of times: once as wished,
 * once for each halving of the shorter lengths, twice for cards that are away, and for a few starts.
 * `nextStart` names the first start after a candidate's at which it may fit; `empty` is what the empty pool has.
 */
export function explainRoom(
  state: PoolState,
  question: RoomQuestion,
  nextStart: (candidate: PromiseView) => Instant | null,
  empty: Levels = levelsOf(state, thoseFree(state.serverSize)),
): RoomFacts {
  const { candidate, away, shorterSeconds } = question;
  const room = new Room(state, question);
  const { startAt } = candidate.interval;
  const levels = room.levels(candidate.interval);
  const { largestOnServer, largestOnSupernode, idleServers, idleSupernodes } = levels;
  const free: FreePerLevel = {
    cards: room.freeCards(),
    largestOnServer,
    largestOnSupernode,
    idleServers,
    idleSupernodes,
  };
  if (neverFits(state, candidate, empty)) {
    const sooner = soonerOf(state, question, levels, null);
    return { holding: ['misconfigured'], free, ...room.inTheWay(), earliestStartAt: null, sooner };
  }
  const until = (seconds: number): Interval => ({ startAt, endAt: plusSeconds(startAt, seconds) });
  const shorter = room.longestThatFits(shorterSeconds);
  const holding: Token[] = [];
  if (shorter !== null) holding.push('tooLongForGap');
  if (free.cards < candidate.cards) holding.push('capacityExhausted');
  else holding.push(isOverSupernodes(candidate) ? 'fragmentedAcrossSupernodes' : 'fragmentedAcrossServers');
  if (shorter === null && room.fits(until(1))) holding.push('blockedByReservation');
  if (room.fitsWith(away.maintenance)) holding.push('blockedByMaintenance');
  else if (away.repair.length > 0 && room.fitsWith([...away.maintenance, ...away.repair]))
    holding.push('waitingForRepair');
  return {
    holding,
    free,
    ...room.inTheWay(),
    earliestStartAt: provenStart(room, question, nextStart),
    sooner: soonerOf(state, question, levels, shorter),
  };
}
