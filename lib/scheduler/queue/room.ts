import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER } from '#lib/core/interval.ts';
import type { QueueSnapshot } from '../queue-types.ts';
import type { Share } from '../types.ts';

/** Cards of servers taken over `[startAt, endAt)`. */
type Hold = { readonly startAt: number; readonly endAt: number; readonly shares: readonly Share[] };

/**
 * What is free on each server of a pool over time: usable cards less what runs and what is promised. Jobs only end and
 * promises only come, so what is free from now on is today's rest, less what promises take as they begin.
 */
export class Room {
  readonly now: Instant;
  /** Cards free per server at this moment. */
  readonly free: Int32Array;
  readonly #cards: readonly number[];
  /** In the order of their ends. */
  readonly #running: Hold[];
  /** Promises that begin later. */
  readonly #coming: Hold[];

  constructor(snapshot: Pick<QueueSnapshot, 'now' | 'serverCards' | 'running' | 'promises'>) {
    this.now = snapshot.now;
    this.#cards = snapshot.serverCards;
    this.free = Int32Array.from(snapshot.serverCards);
    const promised = snapshot.promises.map(({ interval, shares }) => ({
      startAt: interval.startAt,
      endAt: endOf(interval),
      shares,
    }));
    const current = [
      ...snapshot.running.map(({ endAt, shares }) => ({ startAt: this.now, endAt, shares })),
      ...promised.filter((hold) => hold.startAt <= this.now),
    ];
    this.#running = current.filter((hold) => hold.endAt > this.now).sort((a, b) => a.endAt - b.endAt);
    this.#coming = promised.filter((hold) => hold.startAt > this.now);
    for (const hold of this.#running) change(this.free, hold.shares, -1);
  }

  /** Cards free at this moment, wherever they are. */
  freeCards(): number {
    return this.free.reduce((sum, cards) => sum + Math.max(0, cards), 0);
  }

  /** Cards free per server throughout `[now, endAt)`. Not to be changed: it may be {@link free} itself. */
  freeUntil(endAt: number): Int32Array {
    return this.#coming.some((hold) => hold.startAt < endAt) ? this.freeOver(this.now, endAt) : this.free;
  }

  /** Cards free per server throughout `[startAt, endAt)`, a window that begins now or later. */
  freeOver(startAt: number, endAt: number): Int32Array {
    const free = this.#freeAt(startAt);
    for (const { startAt: at } of this.#coming) {
      if (at <= startAt || at >= endAt) continue;
      const then = this.#freeAt(at);
      for (let server = 0; server < free.length; server += 1)
        free[server] = Math.min(free[server] ?? 0, then[server] ?? 0);
    }
    return free;
  }

  /**
   * The first instant from now on at which `fits` says yes to what is free for `lengthMs`; null when there is none. It
   * is now, or an end of something: only there does room grow.
   */
  firstTime(lengthMs: number, fits: (free: Int32Array) => boolean): Instant | null {
    if (fits(this.freeUntil(this.now + lengthMs))) return this.now;
    const ends = this.#coming.length === 0 ? this.#running : [...this.#running, ...this.#coming];
    if (ends !== this.#running) ends.sort((a, b) => a.endAt - b.endAt);
    // What would be free without the promises to come is never less than what is: it sieves out most ends cheaply.
    const without = Int32Array.from(this.free);
    for (const hold of ends) {
      if (hold.endAt === FOREVER) break;
      if (hold.startAt <= this.now) change(without, hold.shares, 1);
      if (!fits(without)) continue;
      if (this.#coming.length === 0 || fits(this.freeOver(hold.endAt, hold.endAt + lengthMs)))
        return hold.endAt as Instant;
    }
    return null;
  }

  /** Takes cards from now until `endAt`. Throws when they are not there. */
  take(shares: readonly Share[], endAt: number): void {
    change(this.free, shares, -1);
    for (const { server } of shares) invariant((this.free[server] ?? 0) >= 0, `server ${server} is given twice`);
    const hold = { startAt: this.now, endAt, shares };
    let place = this.#running.length;
    while (place > 0 && (this.#running[place - 1]?.endAt ?? 0) > endAt) place -= 1;
    this.#running.splice(place, 0, hold);
  }

  #freeAt(at: number): Int32Array {
    const free = Int32Array.from(this.#cards);
    for (const hold of this.#running) if (hold.endAt > at) change(free, hold.shares, -1);
    for (const hold of this.#coming) if (hold.startAt <= at && hold.endAt > at) change(free, hold.shares, -1);
    return free;
  }
}

/** Gives cards back (`sign` 1) or takes them (-1). */
export function change(free: Int32Array, shares: readonly Share[], sign: 1 | -1): void {
  for (const { server, cards } of shares) free[server] = (free[server] ?? 0) + sign * cards;
}
