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
  const zeros = (): number[] => new Array<number>(hours).fill(0);
  const table = { freeCards: zeros(), freeServers: zeros(), largestOnServer: zeros() };
  const perSupernode = Array.from({ length: state.supernodeCount }, () => ({
    free: new Int32Array(hours),
    idle: new Int32Array(hours),
    servers: 0,
  }));
  const row = new Int16Array(hours);
  for (let server = 0; server < state.serverCount; server += 1) {
    row.fill(0);
    for (const card of state.cardsOf(server)) {
      if (state.isUsable[card] !== 1) continue;
      for (const { interval } of state.bindingsOf(card)) take(row, fromHourAt, interval, 1);
    }
    for (const span of state.tentativeSpansOf(server)) take(row, fromHourAt, span.interval, span.cards);
    const usable = state.serverUsable[server] ?? 0;
    const supernode = perSupernode[state.serverSupernode[server] ?? 0];
    if (supernode) supernode.servers += 1;
    for (let hour = 0; hour < hours; hour += 1) {
      const free = Math.max(0, usable - (row[hour] ?? 0));
      const isIdle = free === state.serverSize[server];
      table.freeCards[hour] = (table.freeCards[hour] ?? 0) + free;
      if (isIdle) table.freeServers[hour] = (table.freeServers[hour] ?? 0) + 1;
      if (free > (table.largestOnServer[hour] ?? 0)) table.largestOnServer[hour] = free;
      if (!supernode) continue;
      supernode.free[hour] = (supernode.free[hour] ?? 0) + free;
      if (isIdle) supernode.idle[hour] = (supernode.idle[hour] ?? 0) + 1;
    }
  }
  const largestOnSupernode = zeros().map((_, hour) =>
    perSupernode.reduce((most, { free }) => Math.max(most, free[hour] ?? 0), 0),
  );
  const freeSupernodes = zeros().map(
    (_, hour) => perSupernode.filter(({ idle, servers }) => idle[hour] === servers).length,
  );
  return { fromHourAt, totalCards: state.cardCount, ...table, freeSupernodes, largestOnSupernode };
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
