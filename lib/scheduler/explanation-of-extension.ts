import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import { lastThat } from '#lib/core/last-that.ts';
import type { PlanBlocker, RoomFacts, Sooner } from '#lib/reservations/explanation.ts';
import { overcommittedServers } from './bind.ts';
import { named } from './blocking.ts';
import { freeOnServer } from './free.ts';
import type { PoolState } from './pool-state.ts';
import type { Binding } from './types.ts';

/** Who has a card of `own` in the time that would be added to it, or is planned on its server then. */
function inTheWay(state: PoolState, own: readonly Binding[], endAt: Instant | null): Map<string, PlanBlocker> {
  const found = new Map<string, PlanBlocker>();
  const add = (id: string, cards: number, { endAt: until }: Interval): void => {
    found.set(id, { id, cards: (found.get(id)?.cards ?? 0) + cards, until });
  };
  const servers = new Map<number, Interval>();
  for (const { card, interval, promiseId } of own) {
    const more = { startAt: endOf(interval), endAt };
    servers.set(state.cardServer[card] ?? 0, more);
    for (const other of state.bindingsOf(card))
      if (other.promiseId !== promiseId && overlaps(other.interval, more)) add(other.promiseId, 1, other.interval);
  }
  if (found.size > 0) return found;
  for (const [server, more] of servers)
    for (const { promiseId, cards, interval } of state.tentativeSpansIn(server, more)) add(promiseId, cards, interval);
  return found;
}

/** True when the cards stay free of others until `endAt` and nothing that is planned has to move. Reads only. */
function fitsUntil(state: PoolState, own: readonly Binding[], endAt: Instant): boolean {
  const isTaken = ({ card, interval, promiseId }: Binding): boolean =>
    state
      .bindingsOf(card)
      .some((other) => other.promiseId !== promiseId && overlaps(other.interval, { startAt: endOf(interval), endAt }));
  if (own.some(isTaken)) return false;
  // A card that takes no new work is no capacity, so staying on it takes none.
  const usable = own.filter(({ card }) => state.isUsable[card] === 1);
  const byServer = Map.groupBy(usable, ({ card }) => state.cardServer[card] ?? 0);
  return [...byServer].every(([server, cards]) =>
    cards.every(({ interval }) => freeOnServer(state, server, { startAt: endOf(interval), endAt }) >= cards.length),
  );
}

/**
 * Why bound cards cannot stay until `endAt`, and how much longer they can, of the lengths that are sold. `isDraining`:
 * a card among them is being emptied, so none may stay at all.
 */
export function explainExtension(
  state: PoolState,
  promiseId: string,
  endAt: Instant | null,
  shorterSeconds: readonly number[],
  isDraining: boolean,
): RoomFacts {
  const own = state.bindingsOfPromise(promiseId);
  const from = own[0] ? endOf(own[0].interval) : null;
  const none = { free: null, earliestStartAt: null };
  const { blockers, blocked } = named(inTheWay(state, own, endAt).values());
  if (isDraining || from === null) return { holding: ['blockedByMaintenance'], blockers, blocked, sooner: [], ...none };
  // Where cards were lost under a plan, the plan is made anew first; nothing is certain before that.
  const lengths = overcommittedServers(state).length > 0 ? [] : shorterSeconds;
  const shorter = lastThat(lengths, (seconds) => fitsUntil(state, own, plusSeconds(from, seconds)));
  const sooner: Sooner[] = shorter === null ? [] : [{ change: 'shorter', value: shorter, startAt: from }];
  return {
    holding: shorter === null ? ['blockedByReservation'] : ['tooLongForGap', 'blockedByReservation'],
    blockers,
    blocked,
    sooner,
    ...none,
  };
}
