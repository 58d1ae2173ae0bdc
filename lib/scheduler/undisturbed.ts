import { earlier, type Instant } from '#lib/core/instant.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';
import type { PoolState } from './pool-state.ts';
import type { PlannedPromise } from './types.ts';

type Taken = { readonly interval: Interval; readonly cards: number };

/** What others have of a server: bound usable cards, and what is tentatively promised. */
function takenByOthers(state: PoolState, server: number, promiseId: string): Taken[] {
  const bound = [...state.cardsOf(server)]
    .filter((card) => state.isUsable[card] === 1)
    .flatMap((card) => state.bindingsOf(card))
    .filter((binding) => binding.promiseId !== promiseId)
    .map(({ interval }) => ({ interval, cards: 1 }));
  return [...bound, ...[...state.tentativeSpansOf(server)].filter((span) => span.promiseId !== promiseId)];
}

/** The first moment in `[from, to)` at which more than `room` cards are taken; `to` when there is none. */
function fullAt(taken: readonly Taken[], room: number, from: Instant, to: Instant): Instant {
  const starts = taken.map(({ interval }) => interval.startAt).filter((at) => at > from && at < to);
  for (const at of [from, ...starts].sort((a, b) => a - b)) {
    const level = taken.reduce(
      (sum, { interval, cards }) => (interval.startAt <= at && at < endOf(interval) ? sum + cards : sum),
      0,
    );
    if (level > room) return at;
  }
  return to;
}

/**
 * Up to when, at most `latestAt`, a bound promise could keep its cards as things are planned, nobody moving for it: to
 * the first moment at which one of its cards is another's, or its server would hold more than it has.
 */
export function undisturbedUntil(state: PoolState, promise: PlannedPromise, latestAt: Instant): Instant {
  const own = state.bindingsOfPromise(promise.id);
  const from = endOf(promise.interval);
  let until = latestAt;
  for (const { card } of own) {
    for (const other of state.bindingsOf(card))
      if (other.promiseId !== promise.id && endOf(other.interval) > from)
        until = earlier(until, other.interval.startAt);
  }
  for (const [server, cards] of Map.groupBy(own, ({ card }) => state.cardServer[card] ?? 0)) {
    const usable = cards.filter(({ card }) => state.isUsable[card] === 1).length;
    const room = (state.serverUsable[server] ?? 0) - usable;
    until = earlier(until, fullAt(takenByOthers(state, server, promise.id), room, from, until));
  }
  return until;
}
