import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { FaultRates } from '../fault-rates.ts';
import { CARD_FAULT_KINDS, FAULT_KINDS, type FaultKind, NODE_FAULT_KINDS } from '../types.ts';
import { uniform } from './hash.ts';
import type { SimCard, SimNode } from './state.ts';

/** A fault that comes by itself; `card` is null when it strikes the server's driver. */
export type Arrival = {
  readonly at: Instant;
  readonly node: SimNode;
  readonly card: SimCard | null;
  readonly kind: FaultKind;
};

const SALT = { lemon: 21, gap: 22, kind: 23, card: 24 } as const;
const HOURS_PER_DAY = 24;
const HORIZON_DAYS = 366;

/**
 * Faults as a Poisson process of each server. The arrivals of one server on one day (UTC) follow from the seed, the
 * server's id and the day alone: a restart, another server, or the order of asking changes none of them.
 */
export class Arrivals {
  readonly #seed: number;
  readonly #rates: FaultRates | null;
  readonly #nodes: readonly SimNode[];
  readonly #firstAt: Instant;
  #nextDay: number;
  #queue: Arrival[] = [];

  constructor(seed: number, rates: FaultRates | null, nodes: Iterable<SimNode>, startAt: Instant) {
    this.#seed = seed;
    this.#rates = rates;
    this.#nodes = [...nodes];
    this.#firstAt = startAt;
    this.#nextDay = Math.floor(startAt / DAY_MS);
  }

  /** The next arrival within a year of `now`, or null. */
  peek(now: Instant): Arrival | null {
    const lastDay = Math.floor(now / DAY_MS) + HORIZON_DAYS;
    while (this.#rates && this.#queue.length === 0 && this.#nextDay <= lastDay) this.#loadDay(this.#rates);
    return this.#queue.at(-1) ?? null;
  }

  take(): void {
    this.#queue.pop();
  }

  /** Latest first, so that taking the next one is a `pop`. */
  #loadDay(rates: FaultRates): void {
    const day = this.#nextDay;
    this.#nextDay += 1;
    const arrivals = this.#nodes.flatMap((node) => arrivalsOfDay(this.#seed, rates, node, day));
    this.#queue = arrivals.filter(({ at }) => at > this.#firstAt).sort((a, b) => b.at - a.at);
  }
}

/** True when a server is one of the few that fail often. */
export function isLemon(seed: number, rates: FaultRates, node: SimNode): boolean {
  return uniform(seed, node.key, SALT.lemon) < rates.lemonShare;
}

function arrivalsOfDay(seed: number, rates: FaultRates, node: SimNode, day: number): Arrival[] {
  const weights = FAULT_KINDS.map((kind) => (rates.perHour[kind] ?? 0) * (isCardKind(kind) ? node.cards.length : 1));
  const total = weights.reduce((a, b) => a + b, 0);
  // The stated rates are fleet means, so what the lemons have more the others have less.
  const fleetMean = 1 + rates.lemonShare * (rates.lemonFactor - 1);
  const perDay = (total * HOURS_PER_DAY * (isLemon(seed, rates, node) ? rates.lemonFactor : 1)) / fleetMean;
  if (perDay <= 0) return [];

  const arrivals: Arrival[] = [];
  const draw = (salt: number): number => uniform(seed, node.key, day, arrivals.length, salt);
  for (let dayPart = gap(draw, perDay); dayPart < 1; dayPart += gap(draw, perDay)) {
    const kind = pickKind(weights, draw(SALT.kind) * total);
    const card = isCardKind(kind) ? (node.cards[Math.floor(draw(SALT.card) * node.cards.length)] ?? null) : null;
    arrivals.push({ at: instant(Math.floor((day + dayPart) * DAY_MS)), node, card, kind });
  }
  return arrivals;
}

/** An exponential gap in days. */
function gap(draw: (salt: number) => number, perDay: number): number {
  return -Math.log(1 - draw(SALT.gap)) / perDay;
}

function pickKind(weights: readonly number[], mark: number): FaultKind {
  let left = mark;
  let picked: FaultKind = FAULT_KINDS[0];
  for (const [index, kind] of FAULT_KINDS.entries()) {
    const weight = weights[index] ?? 0;
    if (weight <= 0) continue;
    picked = kind;
    left -= weight;
    if (left < 0) break;
  }
  return picked;
}

export function isCardKind(kind: FaultKind): boolean {
  return CARD_FAULT_KINDS.some((candidate) => candidate === kind);
}

export function isNodeKind(kind: FaultKind): boolean {
  return NODE_FAULT_KINDS.some((candidate) => candidate === kind);
}
