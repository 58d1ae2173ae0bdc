import { keptWhole, type Layout, type Level } from '#lib/core/topology.ts';
import type { PoolState } from './pool-state.ts';
import type { PlannedPromise, Share } from './types.ts';

/**
 * The shares of a promise less some cards: the smallest pieces go first, so that what stays lies on few servers; where
 * supernodes, or segments within them, were bought, one supernode after another.
 */
export function sharesWithout(state: PoolState, promise: PlannedPromise, cards: number): Share[] {
  const { shares } = promise;
  let missing = cards;
  const supernodeOf = ({ server }: Share): number =>
    keptWhole(promise) === 'supernode' ? (state.serverSupernode[server] ?? 0) : 0;
  const order = [...shares].sort((a, b) => supernodeOf(b) - supernodeOf(a) || a.cards - b.cards || b.server - a.server);
  const left = new Map(
    order.map(({ server, cards: had }) => {
      const taken = Math.min(had, missing);
      missing -= taken;
      return [server, had - taken];
    }),
  );
  return shares.flatMap(({ server }) => {
    const kept = left.get(server) ?? 0;
    return kept > 0 ? [{ server, cards: kept }] : [];
  });
}

/** How often each value occurs. */
function countBy(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Which server or supernode a card is of; the pool is one. */
function placeAt(state: PoolState, level: Level, card: number): number {
  const server = state.cardServer[card] ?? 0;
  if (level === 'server') return server;
  return level === 'supernode' ? (state.serverSupernode[server] ?? 0) : 0;
}

/**
 * True when `named` are, wherever they lie at a level, all that a promise with cards `all` has there, or make up segments
 * of so many cards.
 */
export function areWhole(
  state: PoolState,
  named: readonly number[],
  all: readonly number[],
  level: Level,
  segmentCards: number | null,
): boolean {
  const had = countBy(all.map((card) => placeAt(state, level, card)));
  const given = countBy(named.map((card) => placeAt(state, level, card)));
  return [...given].every(
    ([place, count]) => count === had.get(place) || (segmentCards !== null && count % segmentCards === 0),
  );
}

/**
 * Which of a promise's cards are best given back: failed ones, then the smallest pieces, by supernode and by server, so
 * that whole servers come free and what stays lies together. Where whole servers or supernodes were bought, one with a
 * failed card goes whole. A total order: ties go to the highest ordinal.
 */
export function cardsToGiveBack(
  state: PoolState,
  cards: readonly number[],
  lost: ReadonlySet<number>,
  count: number,
  whole: Layout['whole'],
): number[] {
  const serverOf = (card: number): number => placeAt(state, 'server', card);
  const supernodeOf = (card: number): number => placeAt(state, 'supernode', card);
  const wholeOf = (card: number): number => (whole === null ? card : placeAt(state, whole, card));
  const onServer = countBy(cards.map(serverOf));
  const onSupernode = countBy(cards.map(supernodeOf));
  const broken = new Set([...lost].map(wholeOf));
  const isFirst = (card: number): number => (broken.has(wholeOf(card)) ? 0 : 1);
  const pieceOf = (card: number): readonly [number, number] => [
    onSupernode.get(supernodeOf(card)) ?? 0,
    onServer.get(serverOf(card)) ?? 0,
  ];
  const order = (a: number, b: number): number => {
    const [inA, inB] = [pieceOf(a), pieceOf(b)];
    const byWhole = whole === 'supernode' ? supernodeOf(b) - supernodeOf(a) : 0;
    return isFirst(a) - isFirst(b) || inA[0] - inB[0] || byWhole || inA[1] - inB[1] || b - a;
  };
  return [...cards].sort(order).slice(0, count);
}
