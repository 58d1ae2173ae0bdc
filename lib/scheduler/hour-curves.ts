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
  /** One row of {@link SLOTS} for each supernode. */
  readonly #supernodeFree: Int32Array;
  readonly #supernodeIdle: Int16Array;
  readonly #supernodeServers: Int16Array;
  /** 1 for the supernodes with the most cards: only they are sold as whole supernodes. */
  readonly #isLargest: Uint8Array;

  /** At first all cards of all servers are free in every slot. */
  constructor({ sizes, supernodes, supernodeCount }: Servers) {
    this.#supernodeFree = new Int32Array(supernodeCount * SLOTS);
    this.#supernodeIdle = new Int16Array(supernodeCount * SLOTS);
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
      this.#supernodeFree.fill(count, supernode * SLOTS, (supernode + 1) * SLOTS);
      this.#supernodeIdle.fill(this.#supernodeServers[supernode] ?? 0, supernode * SLOTS, (supernode + 1) * SLOTS);
    });
    this.freeCards.fill(cards.reduce((sum, count) => sum + count, 0));
    this.idleServers.fill(this.#supernodeServers.reduce((sum, servers) => sum + servers, 0));
    this.idleSupernodes.fill(this.#isLargest.reduce((sum, isLargest) => sum + isLargest, 0));
  }

  /** So many cards, and so many idle servers, of a supernode are free in a slot besides those that were; or are not any more. */
  add(supernode: number, slot: number, cards: number, servers: number): void {
    const entry = supernode * SLOTS + slot;
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

  /** True when a supernode has so many cards free in every hour of a reading. */
  hasInSupernode(supernode: number, cards: number, { slots, days }: Reading): boolean {
    const row = supernode * SLOTS;
    for (const slot of slots) if ((this.#supernodeFree[row + slot] ?? 0) < cards) return false;
    for (const day of days) {
      const first = row + day * DAY_HOURS;
      for (let at = first; at < first + DAY_HOURS; at += 1) if ((this.#supernodeFree[at] ?? 0) < cards) return false;
    }
    return true;
  }

  /** What a table says of the number of idle servers of a supernode, summed over slots. */
  sumByIdle(supernode: number, slots: readonly number[], table: Int32Array): number {
    const idle = this.#supernodeIdle;
    const row = supernode * SLOTS;
    let sum = 0;
    for (let i = 0; i < slots.length; i += 1) sum += table[idle[row + (slots[i] ?? 0)] ?? 0] ?? 0;
    return sum;
  }

  /** Cards of a supernode that are free in a slot. */
  freeInSupernode(supernode: number, slot: number): number {
    return this.#supernodeFree[supernode * SLOTS + slot] ?? 0;
  }
}
