import { bandBpsAt } from '#lib/catalog/price.ts';
import type { PriceVersion, TopologyWish } from '#lib/catalog/types.ts';
import { HOUR_MS, type Instant, plusMs, SECOND_MS } from '#lib/core/instant.ts';
import { chargeToDate, type Units } from '#lib/core/money.ts';

const HOUR_SECONDS = 3_600;

/** What is free in one clock hour, per level class. A hint: the booking decides. */
export type RoomHour = {
  readonly hourAt: Instant;
  readonly freeCards: number;
  readonly freeServers: number;
  readonly freeSupernodes: number;
  readonly largestOnServer: number;
  readonly largestOnSupernode: number;
};

/** What a wish asks of the hours it touches. `durationSeconds` null: without an end. */
export type RoomWish = {
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly cardsPerServer: number;
  readonly cardsPerSupernode: number;
  /** Cards of a segment, for each of which the topology holds; null or left out: all are one. */
  readonly segmentCards?: number | null;
  readonly durationSeconds: number | null;
};

/** A start, the cards that are free as close together as wished during all of it, and whether those are enough. */
export type StartOption = { readonly startAt: Instant; readonly freeCards: number; readonly isPossible: boolean };

/** In segments, at most what is free at all, if one of them has room. */
function roomIn(hour: RoomHour, wish: RoomWish): number {
  const { segmentCards } = wish;
  if (!segmentCards) return togetherIn(hour, wish);
  return togetherIn(hour, wish) < segmentCards ? 0 : Math.floor(hour.freeCards / segmentCards) * segmentCards;
}

function togetherIn(hour: RoomHour, { topology, cardsPerServer, cardsPerSupernode }: RoomWish): number {
  switch (topology) {
    case 'any':
      return hour.freeCards;
    case 'same-server':
      return hour.largestOnServer;
    case 'same-supernode':
      return hour.largestOnSupernode;
    case 'whole-servers':
      return hour.freeServers * cardsPerServer;
    case 'whole-supernodes':
      return hour.freeSupernodes * cardsPerSupernode;
  }
}

/** A start at an instant. Hours count as a whole, and what reaches beyond the table is not possible. */
export function startAtInstant(hours: readonly RoomHour[], wish: RoomWish, startAt: Instant): StartOption {
  const base = hours[0]?.hourAt ?? startAt;
  const first = Math.floor((startAt - base) / HOUR_MS);
  const until =
    wish.durationSeconds === null
      ? hours.length
      : Math.ceil((startAt + wish.durationSeconds * SECOND_MS - base) / HOUR_MS);
  let freeCards = first < 0 || first >= hours.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = Math.max(first, 0); index < Math.min(until, hours.length); index += 1) {
    const hour = hours[index];
    if (hour) freeCards = Math.min(freeCards, roomIn(hour, wish));
  }
  if (!Number.isFinite(freeCards)) freeCards = 0;
  return { startAt, freeCards, isPossible: until <= hours.length && freeCards >= wish.cards };
}

/** Every start on a full hour from `from` on, `count` of them or as many as the table has. */
export function startsOnHours(hours: readonly RoomHour[], wish: RoomWish, from: Instant, count: number): StartOption[] {
  return hours
    .filter(({ hourAt }) => hourAt >= from)
    .slice(0, count)
    .map(({ hourAt }) => startAtInstant(hours, wish, hourAt));
}

/** The first full hour from `from` on at which a wish looks possible; null when none in the table does. */
export function earliestOnHours(hours: readonly RoomHour[], wish: RoomWish, from: Instant): StartOption | null {
  for (const { hourAt } of hours) {
    if (hourAt < from) continue;
    const option = startAtInstant(hours, wish, hourAt);
    if (option.isPossible) return option;
  }
  return null;
}

/**
 * What one card costs by the hour from each of `count` full hours on. The same as `cardCharge` of each; sums run once
 * over the hours, so that a month's length costs no more than an hour's.
 */
export function costsOnHours(price: PriceVersion, from: Instant, count: number, durationSeconds: number): Units[] {
  const whole = Math.floor(durationSeconds / HOUR_SECONDS);
  const rest = durationSeconds - whole * HOUR_SECONDS;
  const bands = Array.from({ length: count + whole + 1 }, (_, i) => bandBpsAt(price, plusMs(from, i * HOUR_MS)));
  const sums = [0];
  for (const band of bands) sums.push((sums[sums.length - 1] ?? 0) + band * HOUR_SECONDS);
  return Array.from({ length: count }, (_, i) => {
    const weighted = (sums[i + whole] ?? 0) - (sums[i] ?? 0) + (bands[i + whole] ?? 0) * rest;
    return chargeToDate(price.priceE10PerCardHour, BigInt(weighted));
  });
}

/** The possible start that costs least, the earliest of several; null when none is possible. */
export function cheapestOf(starts: readonly StartOption[], costs: readonly Units[]): StartOption | null {
  let best: { readonly start: StartOption; readonly cost: Units } | null = null;
  starts.forEach((start, index) => {
    const cost = costs[index];
    if (start.isPossible && cost !== undefined && (best === null || cost < best.cost)) best = { start, cost };
  });
  return (best as { readonly start: StartOption } | null)?.start ?? null;
}
