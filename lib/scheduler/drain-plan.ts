import { later } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval, overlaps } from '#lib/core/interval.ts';
import type { CardMove, DrainHit, DrainOutcome, PromiseHit } from '#lib/reservations/maintenance-types.ts';
import { distanceOf, holderMoves } from './bind.ts';
import { addBlock, type Block } from './blocks.ts';
import { freeInPool } from './free.ts';
import { healOrReplan } from './heal.ts';
import type { Undo } from '#lib/core/undo.ts';
import type { PoolState } from './pool-state.ts';
import type { Binding, PlannedPromise } from './types.ts';

const BLOCK = 'drain';
const REACH_BY_DISTANCE = { 1: 'server', 2: 'supernode', 3: 'pod', 4: 'pool' } as const;

/** What holders have of the set in an interval, by reservation: those that begin first, first. */
function heldOf(state: PoolState, cards: Block['cards'], interval: Interval): Map<string, Binding[]> {
  const held = [...cards.keys()].flatMap((card) =>
    state.bindingsOf(card).filter((binding) => overlaps(binding.interval, interval)),
  );
  held.sort((a, b) => a.interval.startAt - b.interval.startAt || compare(a.promiseId, b.promiseId) || a.card - b.card);
  return Map.groupBy(held, ({ promiseId }) => promiseId);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where each held card's holder would go, one after another, so that no card is given twice. */
function movesOf(
  state: PoolState,
  held: readonly Binding[],
  from: Interval['startAt'],
  spares: readonly number[],
  keep: (undo: Undo) => void,
): CardMove[] {
  const moved = new Map<number, number>();
  return held.map(({ promiseId, card, interval }): CardMove => {
    const promise = state.promises.get(promiseId);
    const rest = { startAt: later(from, interval.startAt), endAt: interval.endAt };
    if (promise && !moved.has(card))
      for (const [own, other] of holderMoves(state, promise, card, rest, spares) ?? []) {
        keep(state.bind([{ id: `${BLOCK}-${own}-${other}`, promiseId, card: other, interval: rest }]));
        moved.set(own, other);
      }
    const found = moved.get(card);
    if (found === undefined) return { card, to: null };
    const distance = distanceOf(state, card, found);
    return { card, to: { card: found, reach: REACH_BY_DISTANCE[distance as 1 | 2 | 3 | 4] } };
  });
}

/** Moves promises off the set and says which, in the order they begin. The moves stay in the state until undone. */
function promisesOf(
  state: PoolState,
  servers: ReadonlySet<number>,
  keep: (undo: Undo) => void,
): { readonly hits: PromiseHit[]; readonly moved: readonly PlannedPromise[] } {
  const { moved, stuck } = healOrReplan(state, { before: FOREVER, most: Number.MAX_SAFE_INTEGER });
  const standsHere = ({ id }: PlannedPromise): boolean =>
    state.promises.get(id)?.shares.some(({ server }) => servers.has(server)) ?? false;
  // Asked before the moves are made: afterwards nothing that moved stands here.
  const hits = [
    ...moved.filter(standsHere).map((promise) => ({ promise, isPlaced: true })),
    ...stuck.filter(standsHere).map((promise) => ({ promise, isPlaced: false })),
  ];
  for (const promise of moved) keep(state.changePromise(promise));
  hits.sort((a, b) => a.promise.interval.startAt - b.promise.interval.startAt || compare(a.promise.id, b.promise.id));
  return {
    moved,
    hits: hits.map(({ promise: { id, interval, cards, shares }, isPlaced }) => ({
      reservationId: id,
      interval,
      cards,
      servers: isPlaced ? shares.map(({ server }) => server) : null,
    })),
  };
}

/**
 * What emptying cards for an interval would do, tried on the state and taken back: whom it hits, where their cards would
 * go, which promises move and which fit nowhere, when the cards would be empty by themselves, and what capacity is lost.
 * Promises without cards are moved first, because they are kept in any case; holders get what is free then.
 */
export function drainOutcome(
  state: PoolState,
  cards: Block['cards'],
  interval: Interval,
  spares: readonly number[] = [],
): { readonly outcome: DrainOutcome; readonly moved: readonly PlannedPromise[] } {
  const undos: Undo[] = [];
  const keep = (undo: Undo): void => {
    undos.push(undo);
  };
  const held = heldOf(state, cards, interval);
  const ends = [...held.values()].flat().map((binding) => endOf(binding.interval));
  const emptyAt = ends.reduce((last, end) => later(last, end), interval.startAt);
  const freeBefore = freeInPool(state, interval);
  const servers = new Set([...cards.keys()].map((card) => state.cardServer[card] ?? 0));
  try {
    keep(addBlock(state, { id: BLOCK, interval, cards }));
    const { hits: promises, moved } = promisesOf(state, servers, keep);
    const freeAfter = freeInPool(state, interval);
    const hits = [...held].map(
      ([reservationId, bindings]): DrainHit => ({
        reservationId,
        interval: bindings[0]?.interval ?? interval,
        moves: movesOf(state, bindings, interval.startAt, spares, keep),
      }),
    );
    const outcome = {
      hits,
      promises,
      emptyAt: emptyAt === FOREVER ? null : emptyAt,
      sellableCards: [...cards.keys()].filter((card) => state.isUsable[card] === 1).length,
      freeBefore,
      freeAfter,
    };
    return { outcome, moved };
  } finally {
    for (const undo of undos.reverse()) undo();
  }
}
