import { present } from '#lib/core/assert.ts';
import { floorToHour, HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';
import type { PoolState } from './pool-state.ts';
import type { AvailabilityTable } from './types.ts';

/** Adds `cards` to every hour of a server's row that an interval touches. */
function take(row: Int16Array, fromHourAt: Instant, interval: Interval, cards: number): void {
  const first = Math.max(0, Math.floor((interval.startAt - fromHourAt) / HOUR_MS));
  const last = Math.min(row.length, Math.ceil((endOf(interval) - fromHourAt) / HOUR_MS));
  for (let hour = first; hour < last; hour += 1) row[hour] = (row[hour] ?? 0) + cards;
}

/**
 * What is free in each of `hours` clock hours from now, per level class. Within an hour everything that touches it
 * counts, so the table never promises more than admission would.
 */
export function availabilityOf(state: PoolState, now: Instant, hours: number): AvailabilityTable {
  const fromHourAt = floorToHour(now);
  const supernodes = Array.from({ length: state.supernodeCount }, () => ({
    free: new Int32Array(hours),
    idle: new Int16Array(hours),
    servers: 0,
  }));
  const largestOnServer = new Int16Array(hours);
  const row = new Int16Array(hours);
  for (let server = 0; server < state.serverCount; server += 1) {
    const supernode = present(supernodes[state.serverSupernode[server] ?? 0], 'supernode');
    supernode.servers += 1;
    takenOn(state, server, fromHourAt, row);
    addServer(supernode, largestOnServer, row, state.serverUsable[server] ?? 0, state.serverSize[server] ?? 0);
  }
  const sumOver = (pick: (supernode: (typeof supernodes)[number], hour: number) => number): number[] =>
    Array.from({ length: hours }, (_, hour) => supernodes.reduce((sum, supernode) => sum + pick(supernode, hour), 0));
  return {
    fromHourAt,
    totalCards: state.cardCount,
    freeCards: sumOver(({ free }, hour) => free[hour] ?? 0),
    freeServers: sumOver(({ idle }, hour) => idle[hour] ?? 0),
    freeSupernodes: sumOver(({ idle, servers }, hour) => (idle[hour] === servers ? 1 : 0)),
    largestOnServer: [...largestOnServer],
    largestOnSupernode: Array.from({ length: hours }, (_, hour) =>
      supernodes.reduce((most, { free }) => Math.max(most, free[hour] ?? 0), 0),
    ),
  };
}

/** Fills `row` with the cards of a server that are taken in each hour. */
function takenOn(state: PoolState, server: number, fromHourAt: Instant, row: Int16Array): void {
  row.fill(0);
  for (const card of state.cardsOf(server)) {
    if (state.isUsable[card] !== 1) continue;
    for (const { interval } of state.bindingsOf(card)) take(row, fromHourAt, interval, 1);
  }
  for (const span of state.tentativeSpansOf(server)) take(row, fromHourAt, span.interval, span.cards);
}

/** Adds what is free on a server to its supernode and to the largest block on one server, hour by hour. */
function addServer(
  supernode: { free: Int32Array; idle: Int16Array },
  largest: Int16Array,
  row: Int16Array,
  usable: number,
  size: number,
): void {
  const { free: freeOf, idle } = supernode;
  for (let hour = 0; hour < row.length; hour += 1) {
    const free = Math.max(0, usable - (row[hour] ?? 0));
    freeOf[hour] = (freeOf[hour] ?? 0) + free;
    if (free === size) idle[hour] = (idle[hour] ?? 0) + 1;
    if (free > (largest[hour] ?? 0)) largest[hour] = free;
  }
}

/**
 * The first instant at or after `from` at which a request would fit: tried at every end of something bound or
 * promised, at most `triesMax` of them, because only there does room grow. Null when none of those works.
 */
export function earliestStart(
  ends: readonly Instant[],
  from: Instant,
  triesMax: number,
  fits: (startAt: Instant) => boolean,
): Instant | null {
  const candidates = [...new Set(ends)].filter((end) => end > from).sort((a, b) => a - b);
  return candidates.slice(0, triesMax).find(fits) ?? null;
}
