import { present } from '#lib/core/assert.ts';
import { later } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval } from '#lib/core/interval.ts';
import { type Undo, undoAll } from '#lib/core/undo.ts';
import type { PoolState } from './pool-state.ts';

/** Cards that are kept from everybody, each for its interval: a maintenance window as the plan sees it. */
export type Block = {
  readonly id: string;
  readonly interval: Interval;
  readonly cards: ReadonlyMap<number, Interval>;
};

/** What of an interval no other promise has the card for, in order. */
export function gapsOn(state: PoolState, card: number, { id, cards }: Block): Interval[] {
  const interval = present(cards.get(card), `card ${card} of block ${id}`);
  const others = state
    .bindingsOf(card)
    .filter(({ promiseId }) => promiseId !== id)
    .map(({ interval: taken }) => taken)
    .sort((a, b) => a.startAt - b.startAt);
  const gaps: Interval[] = [];
  let from = interval.startAt;
  for (const taken of others) {
    if (endOf(taken) <= from) continue;
    if (taken.startAt >= endOf(interval)) break;
    if (taken.startAt > from) gaps.push({ startAt: from, endAt: taken.startAt });
    from = later(from, endOf(taken));
  }
  if (from < endOf(interval) && from !== FOREVER) gaps.push({ startAt: from, endAt: interval.endAt });
  return gaps;
}

/**
 * Lays a block on a card anew: over everything of its interval that no holder has. To be called whenever a binding of
 * the card has changed, so that a card given back early is the block's, not the market's.
 */
export function refreshBlock(state: PoolState, block: Block, card: number): Undo {
  const undos: Undo[] = [];
  const own = state.bindingsOf(card).filter(({ promiseId }) => promiseId === block.id);
  if (own.length > 0)
    undos.push(
      state.unbind(
        block.id,
        own.map(({ id }) => id),
      ),
    );
  const bindings = gapsOn(state, card, block).map((interval) => {
    const id = `${block.id}-${card}-${interval.startAt}`;
    return { id, promiseId: block.id, card, interval };
  });
  if (bindings.length > 0) undos.push(state.bind(bindings));
  return undoAll(undos);
}

/** Lays a block on its cards. Holders keep them; whatever is free of the interval is nobody's any more. */
export function addBlock(state: PoolState, block: Block): Undo {
  const { id, interval, cards } = block;
  const undos = [
    state.addPromise({ id, cards: cards.size, topology: 'any', interval, shares: [], isBound: true }),
    ...[...cards.keys()].map((card) => refreshBlock(state, block, card)),
  ];
  return undoAll(undos);
}

/** Takes a block away. */
export function removeBlock(state: PoolState, id: string): Undo {
  present(state.promises.get(id), `block ${id}`);
  const ids = state.bindingsOfPromise(id).map((binding) => binding.id);
  return undoAll([state.unbind(id, ids), state.removePromise(id)]);
}
