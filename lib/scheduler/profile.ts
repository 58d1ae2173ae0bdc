import { endOf, type Interval } from '#lib/core/interval.ts';
import type { Binding } from './types.ts';

/** So many cards of one server taken for an interval, of so many that are promised in all. */
export type Span = {
  readonly promiseId: string;
  readonly interval: Interval;
  readonly cards: number;
  readonly promisedCards: number;
};

/** What is taken of a server's usable cards over time: worked out once for a state of the server, then asked often. */
export type Profile = {
  /** From `at[i]` until `at[i + 1]`, `taken[i]` cards are bound or promised; before `at[0]` none. Rising. */
  readonly at: readonly number[];
  readonly taken: readonly number[];
  /** The most cards taken at any moment. */
  readonly highest: number;
  /** The bindings of usable cards, those of one card side by side. */
  readonly bound: readonly Binding[];
};

/** The profile of spans and of the bindings of usable cards, which come card by card. */
export function profileOf(spans: Iterable<Pick<Span, 'interval' | 'cards'>>, bound: readonly Binding[]): Profile {
  const edges: { at: number; change: number }[] = [];
  const add = ({ startAt, endAt }: Interval, cards: number): void => {
    edges.push({ at: startAt, change: cards }, { at: endOf({ startAt, endAt }), change: -cards });
  };
  for (const { interval, cards } of spans) add(interval, cards);
  for (const { interval } of bound) add(interval, 1);
  edges.sort((a, b) => a.at - b.at);
  const at: number[] = [];
  const taken: number[] = [];
  let level = 0;
  let highest = 0;
  for (const [i, edge] of edges.entries()) {
    level += edge.change;
    if (edges[i + 1]?.at === edge.at) continue;
    at.push(edge.at);
    taken.push(level);
    if (level > highest) highest = level;
  }
  return { at, taken, highest, bound };
}

/** The most cards taken at one moment of `window`. */
export function peakIn({ at, taken }: Profile, window: Interval): number {
  const endAt = endOf(window);
  let next = 0;
  let behind = at.length;
  while (next < behind) {
    const middle = (next + behind) >>> 1;
    if ((at[middle] ?? 0) <= window.startAt) next = middle + 1;
    else behind = middle;
  }
  let peak = next > 0 ? (taken[next - 1] ?? 0) : 0;
  for (; next < at.length && (at[next] ?? 0) < endAt; next += 1) {
    const level = taken[next] ?? 0;
    if (level > peak) peak = level;
  }
  return peak;
}

/** How many usable cards are bound at some moment of `window`. */
export function boundIn({ bound }: Profile, window: Interval): number {
  const endAt = endOf(window);
  let count = 0;
  let last = -1;
  for (const { card, interval } of bound) {
    if (card === last || interval.startAt >= endAt || window.startAt >= endOf(interval)) continue;
    count += 1;
    last = card;
  }
  return count;
}
