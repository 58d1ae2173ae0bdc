import { present } from '#lib/core/assert.ts';
import type { GridShape, HourRequest } from './hour-grid.ts';
import { HourGrid, type HourPlacement } from './hour-grid.ts';
import { placeHours } from './place-hours.ts';

type Placed = { readonly request: HourRequest; readonly placement: HourPlacement };
type Order = (a: HourRequest, b: HourRequest) => number;

/** Two orders that rescue different mixes: large before early, and supernodes first but then early before large. */
function ordersFor({ serversPerSupernode, cardsPerServer }: GridShape): readonly Order[] {
  const supernode = serversPerSupernode * cardsPerServer;
  const isLarge = ({ cards }: HourRequest): number => (cards >= supernode ? 1 : 0);
  return [
    (a, b) => b.cards - a.cards || a.startHour - b.startHour || a.sequence - b.sequence,
    (a, b) => isLarge(b) - isLarge(a) || a.startHour - b.startHour || b.cards - a.cards || a.sequence - b.sequence,
  ];
}

/**
 * A tentative plan of a site by the hour. What has begun is pinned; what has not may move until then, so a request that
 * fits nowhere is tried with everything that may move placed anew. It is accepted only if all of it still fits.
 */
export class HourPlan {
  #grid: HourGrid;
  readonly #placed = new Map<number, Placed>();
  readonly #shape: GridShape;

  constructor(shape: GridShape) {
    this.#shape = shape;
    this.#grid = new HourGrid(shape);
  }

  /** What was accepted and where it stands. */
  placed(): readonly Placed[] {
    return [...this.#placed.values()];
  }

  /** Accepts a request as things stand; false when it does not fit. */
  accept(request: HourRequest): boolean {
    const placement = placeHours(this.#grid, request);
    if (!placement) return false;
    this.#grid.take(request, placement);
    this.#placed.set(request.sequence, { request, placement });
    return true;
  }

  /** Whether placing things anew could help: enough cards are free in every hour, only not together. */
  couldFit(request: HourRequest): boolean {
    return this.#grid.hasTotal(request);
  }

  /**
   * Accepts a request by placing it and everything that starts after `nowHour` anew; false, and nothing moved, when no
   * order is found in which all fit. Each of the orders is tried at most `triesMax` times: whatever found no place goes
   * halfway to the front, and the placing begins again. Bounded by counts, so the answer never depends on a clock.
   */
  replan(request: HourRequest, nowHour: number, triesMax: number): boolean {
    const movable = [...this.#placed.values()].filter((placed) => placed.request.startHour > nowHour);
    const pinned = this.#grid.copy();
    for (const placed of movable) pinned.giveBack(placed.request, placed.placement);
    const requests = [...movable.map((placed) => placed.request), request];
    for (const order of ordersFor(this.#shape)) {
      const queue = requests.toSorted(order);
      for (let tries = 0; tries < triesMax; tries += 1) {
        const grid = pinned.copy();
        const found: Placed[] = [];
        const stuck = placeAll(grid, queue, found);
        if (stuck === null) {
          this.#grid = grid;
          for (const placed of found) this.#placed.set(placed.request.sequence, placed);
          return true;
        }
        const [moved] = queue.splice(stuck, 1);
        queue.splice(Math.floor(stuck / 2), 0, present(moved, 'the request that found no place'));
      }
    }
    return false;
  }
}

/** Places requests in their order; the index of the first that finds no place, null when all do. */
function placeAll(grid: HourGrid, queue: readonly HourRequest[], found: Placed[]): number | null {
  for (const [index, request] of queue.entries()) {
    const placement = placeHours(grid, request);
    if (!placement) return index;
    grid.take(request, placement);
    found.push({ request, placement });
  }
  return null;
}
