import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { FaultRates } from '../fault-rates.ts';
import type { FaultKind } from '../fault-types.ts';
import { uniform } from './hash.ts';
import { type Hazard, hazardOf, pickCard, pickKind } from './hazard.ts';
import type { SimCard, SimNode } from './state.ts';

/** A fault that comes by itself; `card` is null when it strikes the server's driver. */
export type Arrival = {
  readonly at: Instant;
  readonly node: SimNode;
  readonly card: SimCard | null;
  readonly kind: FaultKind;
};

const SALT = { gap: 22, kind: 23, card: 24 } as const;
const HOURS_PER_DAY = 24;
const HORIZON_DAYS = 366;

/**
 * Faults as a Poisson process of each server. The arrivals of one server on one day (UTC) follow from the seed, the
 * server's id, its rates and the day alone: a restart, another server, or the order of asking changes none of them.
 */
export class Arrivals {
  readonly #seed: number;
  /** Those servers on which anything ever comes by itself. */
  readonly #hazards: readonly (readonly [SimNode, Hazard])[];
  readonly #firstAt: Instant;
  #nextDay: number;
  #queue: Arrival[] = [];

  constructor(seed: number, rates: FaultRates | null, nodes: Iterable<SimNode>, startAt: Instant) {
    this.#seed = seed;
    this.#hazards = [...nodes]
      .map((node) => [node, hazardOf(seed, rates, node)] as const)
      .filter(([, { perHour }]) => perHour > 0);
    this.#firstAt = startAt;
    this.#nextDay = Math.floor(startAt / DAY_MS);
  }

  /** How many come in an hour on the whole fleet, as a mean. */
  get perHour(): number {
    return this.#hazards.reduce((sum, [, { perHour }]) => sum + perHour, 0);
  }

  /** The next arrival within a year of `now`, or null. */
  peek(now: Instant): Arrival | null {
    const lastDay = Math.floor(now / DAY_MS) + HORIZON_DAYS;
    while (this.#hazards.length > 0 && this.#queue.length === 0 && this.#nextDay <= lastDay) this.#loadDay();
    return this.#queue.at(-1) ?? null;
  }

  take(): void {
    this.#queue.pop();
  }

  /** Latest first, so that taking the next one is a `pop`. */
  #loadDay(): void {
    const day = this.#nextDay;
    this.#nextDay += 1;
    const arrivals = this.#hazards.flatMap(([node, hazard]) => arrivalsOfDay(this.#seed, node, hazard, day));
    this.#queue = arrivals.filter(({ at }) => at > this.#firstAt).sort((a, b) => b.at - a.at);
  }
}

function arrivalsOfDay(seed: number, node: SimNode, hazard: Hazard, day: number): Arrival[] {
  const perDay = hazard.perHour * HOURS_PER_DAY;
  const arrivals: Arrival[] = [];
  const draw = (salt: number): number => uniform(seed, node.key, day, arrivals.length, salt);
  for (let dayPart = gap(draw, perDay); dayPart < 1; dayPart += gap(draw, perDay)) {
    const at = instant(Math.floor((day + dayPart) * DAY_MS));
    const kind = pickKind(hazard, draw(SALT.kind));
    if (!kind) break;
    arrivals.push({ at, node, card: pickCard(node, kind, draw(SALT.card)), kind: kind.kind });
  }
  return arrivals;
}

/** An exponential gap in days. */
function gap(draw: (salt: number) => number, perDay: number): number {
  return -Math.log(1 - draw(SALT.gap)) / perDay;
}
