import { BLOCK_SLOTS, entriesFor, entryOf } from './hour-blocks.ts';
import { DAY_HOURS, type Reading, SLOTS } from './hour-window.ts';

/** The servers of a pool, by their ordinals: how many cards each has, and which supernode it is of. */
export type Servers = {
  readonly sizes: Int16Array;
  readonly supernodes: Int32Array;
  readonly supernodeCount: number;
};

/**
 * What is free hour by hour, counted per level: cards and idle servers of the pool and of each supernode, and wholly
 * idle supernodes of those with the most cards. Admission reads it, and the availability table is a copy of it.
 */
export class HourCurves {
  readonly freeCards = new Int32Array(SLOTS);
  readonly idleServers = new Int32Array(SLOTS);
  readonly idleSupernodes = new Int32Array(SLOTS);
  /** Cards that something takes for a part of the hour only: at most so many more may be free at its tightest moment. */
  readonly partlyTaken = new Int32Array(SLOTS);
  /** By supernode and slot. */
  readonly #rows: number;
  /** What a search has found: one list for all that ever look, one after another. */
  readonly #found: Int32Array;
  readonly #supernodeFree: Int32Array;
  readonly #supernodeIdle: Int16Array;
  readonly #supernodeServers: Int16Array;
  /** 1 for the supernodes with the most cards: only they are sold as whole supernodes. */
  readonly #isLargest: Uint8Array;

  /** At first all cards of all servers are free in every slot. */
  constructor({ sizes, supernodes, supernodeCount }: Servers) {
    this.#rows = supernodeCount;
    this.#found = new Int32Array(supernodeCount);
    this.#supernodeFree = new Int32Array(entriesFor(supernodeCount));
    this.#supernodeIdle = new Int16Array(entriesFor(supernodeCount));
    this.#supernodeServers = new Int16Array(supernodeCount);
    const cards = new Int32Array(supernodeCount);
    supernodes.forEach((supernode, server) => {
      cards[supernode] = (cards[supernode] ?? 0) + (sizes[server] ?? 0);
      const servers = this.#supernodeServers[supernode] ?? 0;
      if (sizes[server] !== 0) this.#supernodeServers[supernode] = servers + 1;
    });
    const largest = cards.reduce((most, count) => Math.max(most, count), 0);
    this.#isLargest = Uint8Array.from(cards, (count) => (count === largest && count > 0 ? 1 : 0));
    cards.forEach((count, supernode) => {
      for (let slot = 0; slot < SLOTS; slot += 1) {
        this.#supernodeFree[entryOf(this.#rows, supernode, slot)] = count;
        this.#supernodeIdle[entryOf(this.#rows, supernode, slot)] = this.#supernodeServers[supernode] ?? 0;
      }
    });
    this.freeCards.fill(cards.reduce((sum, count) => sum + count, 0));
    this.idleServers.fill(this.#supernodeServers.reduce((sum, servers) => sum + servers, 0));
    this.idleSupernodes.fill(this.#isLargest.reduce((sum, isLargest) => sum + isLargest, 0));
  }

  /** So many cards, and so many idle servers, of a supernode are free in a slot besides those that were; or are not any more. */
  add(supernode: number, slot: number, cards: number, servers: number): void {
    const entry = entryOf(this.#rows, supernode, slot);
    this.freeCards[slot] = (this.freeCards[slot] ?? 0) + cards;
    this.#supernodeFree[entry] = (this.#supernodeFree[entry] ?? 0) + cards;
    if (servers === 0) return;
    const all = this.#supernodeServers[supernode] ?? 0;
    const before = this.#supernodeIdle[entry] ?? 0;
    this.#supernodeIdle[entry] = before + servers;
    this.idleServers[slot] = (this.idleServers[slot] ?? 0) + servers;
    if (this.#isLargest[supernode] === 0) return;
    const whole = before + servers === all ? 1 : before === all ? -1 : 0;
    this.idleSupernodes[slot] = (this.idleSupernodes[slot] ?? 0) + whole;
  }

  /** The supernodes that have so many cards free in every hour of a reading; right until somebody looks anew. */
  supernodesWith(cards: number, { slots, days }: Reading): Int32Array {
    let count: number | null = null;
    const read = (slot: number): void => {
      if (count !== 0) count = this.keepThose(count, cards, slot);
    };
    for (const slot of slots) read(slot);
    for (const day of days) for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1) read(slot);
    return this.#found.subarray(0, count ?? 0);
  }

  /**
   * Keeps of the first `count` supernodes that were found, null: of all, those with so many cards free in a slot. How many
   * they are.
   */
  keepThose(count: number | null, cards: number, slot: number): number {
    const free = this.#supernodeFree;
    const found = this.#found;
    const first = entryOf(this.#rows, 0, slot);
    let kept = 0;
    for (let i = 0; i < (count ?? this.#rows); i += 1) {
      const supernode = count === null ? i : (found[i] ?? 0);
      if ((free[first + supernode * BLOCK_SLOTS] ?? 0) < cards) continue;
      found[kept] = supernode;
      kept += 1;
    }
    return kept;
  }

  /**
   * What a table says of the number of idle servers of a supernode, summed over slots. Given up as soon as it is sure to be
   * more than `most`, where no slot adds less than `least`: then it is some number above `most`.
   */
  sumByIdle(supernode: number, slots: readonly number[], table: Int32Array, most: number, least: number): number {
    const idle = this.#supernodeIdle;
    // From here on, what has been summed, and the least that all others will add.
    let sum = least * slots.length;
    for (let i = 0; i < slots.length && sum <= most; i += 1)
      sum += (table[idle[entryOf(this.#rows, supernode, slots[i] ?? 0)] ?? 0] ?? 0) - least;
    return sum;
  }

  /** Cards of a supernode that are free in a slot. */
  freeInSupernode(supernode: number, slot: number): number {
    return this.#supernodeFree[entryOf(this.#rows, supernode, slot)] ?? 0;
  }
}
