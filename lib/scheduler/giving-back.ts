import type { PoolState } from './pool-state.ts';
import type { Share } from './types.ts';

/** Shares less some cards: the smallest pieces go first, so that what stays lies on few servers. */
export function sharesWithout(shares: readonly Share[], cards: number): Share[] {
  let missing = cards;
  const order = [...shares].sort((a, b) => a.cards - b.cards || b.server - a.server);
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

/**
 * Which of a promise's cards are best given back: failed ones, then the smallest pieces, by supernode and by server, so
 * that whole servers come free and what stays lies together. Where whole servers were bought, a server with a failed
 * card goes whole. A total order: ties go to the highest ordinal.
 */
export function cardsToGiveBack(
  state: PoolState,
  cards: readonly number[],
  lost: ReadonlySet<number>,
  count: number,
  isWhole: boolean,
): number[] {
  const serverOf = (card: number): number => state.cardServer[card] ?? 0;
  const supernodeOf = (card: number): number => state.serverSupernode[serverOf(card)] ?? 0;
  const onServer = countBy(cards.map(serverOf));
  const onSupernode = countBy(cards.map(supernodeOf));
  const broken = new Set([...lost].map(serverOf));
  const isFirst = (card: number): number => ((isWhole ? !broken.has(serverOf(card)) : !lost.has(card)) ? 1 : 0);
  const pieceOf = (card: number): readonly [number, number] => [
    onSupernode.get(supernodeOf(card)) ?? 0,
    onServer.get(serverOf(card)) ?? 0,
  ];
  const order = (a: number, b: number): number => {
    const [inA, inB] = [pieceOf(a), pieceOf(b)];
    return isFirst(a) - isFirst(b) || inA[0] - inB[0] || inA[1] - inB[1] || b - a;
  };
  return [...cards].sort(order).slice(0, count);
}
