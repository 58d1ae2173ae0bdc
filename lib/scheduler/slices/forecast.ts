import { mulberry32 } from '#lib/core/mulberry32.ts';
import type { ServerState } from './server-states.ts';
import { CARD_MILLI, type ServerShape, type SliceSpec, type SpecDemand } from './types.ts';

/** How many futures are tried. */
export const FUTURES = 16;
/** Workloads that come by in each of them. */
const ARRIVALS = 60;
/** Where the draw of futures starts; any other number would do. */
const SEED = 7;

/**
 * Sequences of workloads as they are likely to come by, drawn by popularity. At every step the futures together are as
 * the popularity is (one draw from each of equal strata, dealt at random), so that few of them suffice.
 */
export function drawFutures(demands: readonly SpecDemand[]): SliceSpec[][] {
  const futures = Array.from({ length: FUTURES }, (): SliceSpec[] => []);
  const total = demands.reduce((sum, { count }) => sum + count, 0);
  const random = mulberry32(SEED);
  for (let step = 0; step < ARRIVALS && total > 0; step += 1) {
    const offset = random();
    const dealt = futures.map((_, i) => i);
    for (let i = dealt.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      [dealt[i], dealt[j]] = [dealt[j] ?? 0, dealt[i] ?? 0];
    }
    for (const [i, future] of futures.entries()) {
      let left = (((dealt[i] ?? 0) + offset) / FUTURES) * total;
      const drawn = demands.find(({ count }) => {
        left -= count;
        return left < 0;
      });
      const { spec } = drawn ?? demands[demands.length - 1] ?? {};
      if (spec) future.push(spec);
    }
  }
  return futures;
}

/**
 * What is likely to come by a server with free cards. Workloads without a card belong to it only where CPU runs out
 * before cards do: elsewhere they find their place on servers whose cards are taken.
 */
export function comingBy(demands: readonly SpecDemand[], shapes: readonly ServerShape[]): SpecDemand[] {
  const sum = <T>(list: readonly T[], pick: (item: T) => number): number =>
    list.reduce((all, item) => all + pick(item), 0);
  const cpuAsked = sum(demands, ({ spec, count }) => count * spec.cpuMilli);
  const milliAsked = sum(demands, ({ spec, count }) => count * spec.cards * spec.cardMilli);
  const isCpuScarce =
    cpuAsked / sum(shapes, ({ cpuMilli }) => cpuMilli) > milliAsked / (CARD_MILLI * sum(shapes, ({ cards }) => cards));
  return demands.filter(({ spec }) => isCpuScarce || spec.cards > 0);
}

/**
 * Milli-cards of a server that nobody will have taken once each future has come by, summed over the futures. Each
 * workload is taken if it fits then, slices from the fullest card that suffices. An integer; the lower the better.
 */
export function strandedIn(futures: readonly (readonly SliceSpec[])[], state: ServerState): number {
  if (state.freeMilli === 0) return 0;
  const cards = Int32Array.from(state.cards);
  let stranded = 0;
  for (const future of futures) {
    for (let card = 0; card < cards.length; card += 1) cards[card] = state.cards[card] ?? 0;
    stranded += strandedAfter(future, state, cards);
  }
  return stranded;
}

/** What is left of `cards` after one future. This is the innermost loop of a placement: plain loops, no garbage. */
function strandedAfter(future: readonly SliceSpec[], state: ServerState, cards: Int32Array): number {
  let { cpuMilli, memoryMiB, freeMilli } = state;
  for (const spec of future) {
    if (spec.cpuMilli > cpuMilli || spec.memoryMiB > memoryMiB) continue;
    if (spec.cards > 0) {
      if (spec.models.length > 0 && !spec.models.includes(state.model)) continue;
      const taken = spec.cards === 1 ? takeOne(cards, spec.cardMilli) : takeMany(cards, spec.cards, spec.cardMilli);
      if (!taken) continue;
      freeMilli -= spec.cards * spec.cardMilli;
    }
    cpuMilli -= spec.cpuMilli;
    memoryMiB -= spec.memoryMiB;
    if (freeMilli === 0) return 0;
  }
  return freeMilli;
}

/** Takes so much of the fullest card that has it. */
function takeOne(cards: Int32Array, milli: number): boolean {
  let best = -1;
  let bestFree = CARD_MILLI + 1;
  for (let card = 0; card < cards.length; card += 1) {
    const free = cards[card] ?? 0;
    if (free >= milli && free < bestFree) {
      best = card;
      bestFree = free;
    }
  }
  if (best === -1) return false;
  cards[best] = bestFree - milli;
  return true;
}

/** Takes so much of each of `count` cards; none when there are not as many. */
function takeMany(cards: Int32Array, count: number, milli: number): boolean {
  let found = 0;
  for (let card = 0; card < cards.length; card += 1) if ((cards[card] ?? 0) >= milli) found += 1;
  if (found < count) return false;
  for (let card = 0, left = count; left > 0; card += 1) {
    const free = cards[card] ?? 0;
    if (free < milli) continue;
    cards[card] = free - milli;
    left -= 1;
  }
  return true;
}
