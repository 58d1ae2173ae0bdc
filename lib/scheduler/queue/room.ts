import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER } from '#lib/core/interval.ts';
import type { QueueSnapshot } from '../queue-types.ts';
import type { Share } from '../types.ts';
import { firstTimeFor, type Wish } from './first-time.ts';
import { ServerTimes, type Turn } from './server-times.ts';

/** What is free until an end is kept for so many ends: there are as many as hours at which promises begin. */
const ENDS_KEPT = 128;

/**
 * What is free on each server of a pool over time: usable cards less what runs and what is promised. Jobs only end and
 * promises only come, so what is free from now on is today's rest, less what promises take as they begin.
 */
export class Room {
  readonly now: Instant;
  /** Cards free per server at this moment. */
  readonly free: Int32Array;
  readonly #snapshot: RoomSnapshot;
  readonly #turns: readonly Turn[];
  /** When promises begin, rising: only then does what is free until an end become less. */
  readonly #begins: Float64Array;
  #times: ServerTimes | null = null;
  /** What is free until an end, by the last begin before it. */
  readonly #until = new Map<number, Int32Array>();

  constructor(snapshot: RoomSnapshot) {
    const { now, running, promises } = snapshot;
    this.now = now;
    this.#snapshot = snapshot;
    this.free = Int32Array.from(snapshot.serverCards);
    const turns: Turn[] = [];
    const hold = (startAt: number, endAt: number, shares: readonly Share[]): void => {
      if (endAt <= now) return;
      if (startAt <= now) change(this.free, shares, -1);
      else turns.push({ at: startAt, sign: -1, shares });
      if (endAt < FOREVER) turns.push({ at: endAt, sign: 1, shares });
    };
    for (const { endAt, shares } of running) hold(now, endAt, shares);
    for (const { interval, shares } of promises) hold(interval.startAt, endOf(interval), shares);
    this.#turns = turns;
    this.#begins = new Float64Array(new Set(turns.flatMap(({ at, sign }) => (sign === -1 ? [at] : [])))).sort();
  }

  /** Cards free at this moment, wherever they are. */
  freeCards(): number {
    return this.free.reduce((sum, cards) => sum + Math.max(0, cards), 0);
  }

  /** Cards free per server throughout `[now, endAt)`. Not to be changed: it is kept, and may be {@link free} itself. */
  freeUntil(endAt: number): Int32Array {
    const begun = this.#begunBefore(endAt);
    if (begun === null) return this.free;
    const known = this.#until.get(begun);
    if (known) return known;
    const times = this.#timesOfServers();
    const free = Int32Array.from(this.free);
    for (const server of times.taken) free[server] = times.leastOn(server, this.now, begun + 1);
    const [oldest] = this.#until.keys();
    if (oldest !== undefined && this.#until.size === ENDS_KEPT) this.#until.delete(oldest);
    this.#until.set(begun, free);
    return free;
  }

  /** The last begin of a promise before an end; null when there is none. */
  #begunBefore(endAt: number): number | null {
    let [first, behind] = [0, this.#begins.length];
    while (first < behind) {
      const middle = (first + behind) >>> 1;
      if ((this.#begins[middle] ?? 0) < endAt) first = middle + 1;
      else behind = middle;
    }
    return this.#begins[first - 1] ?? null;
  }

  /** Cards free per server throughout `[startAt, endAt)`, a window that begins now or later. */
  freeOver(startAt: number, endAt: number): Int32Array {
    const times = this.#timesOfServers();
    return this.free.map((_, server) => times.leastOn(server, startAt, endAt));
  }

  /**
   * The first instant from now on at which a job fits for its whole walltime; null when there is none. It is now, or an
   * end of something: only there does room grow.
   */
  firstTime(job: Wish): Instant | null {
    return firstTimeFor(this.#timesOfServers(), this.#snapshot, job);
  }

  /** Takes cards from now until `endAt`. Throws when they are not there. */
  take(shares: readonly Share[], endAt: number): void {
    const times = this.#timesOfServers();
    change(this.free, shares, -1);
    for (const { server } of shares) invariant((this.free[server] ?? 0) >= 0, `server ${server} is given twice`);
    times.add(shares, endAt);
    for (const [begun, free] of this.#until)
      if (begun < endAt) change(free, shares, -1);
      else for (const { server } of shares) free[server] = times.leastOn(server, this.now, begun + 1);
  }

  #timesOfServers(): ServerTimes {
    this.#times ??= new ServerTimes(this.now, this.free, this.#turns);
    return this.#times;
  }
}

type RoomSnapshot = Pick<
  QueueSnapshot,
  'now' | 'serverSize' | 'serverCards' | 'supernodes' | 'supernodeSize' | 'running' | 'promises'
>;

/** Gives cards back (`sign` 1) or takes them (-1). */
export function change(free: Int32Array, shares: readonly Share[], sign: 1 | -1): void {
  for (const { server, cards } of shares) free[server] = (free[server] ?? 0) + sign * cards;
}
