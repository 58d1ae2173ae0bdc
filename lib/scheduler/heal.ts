import type { Interval } from '#lib/core/interval.ts';
import type { Instant } from '#lib/core/instant.ts';
import { overcommittedServers } from './bind.ts';
import { isOvercommitted } from './make-room.ts';
import { place } from './place.ts';
import { movesOff } from './plan.ts';
import type { Undo } from '#lib/core/undo.ts';
import type { PoolState } from './pool-state.ts';
import { peakIn } from './profile.ts';
import type { PlannedPromise } from './types.ts';

/**
 * Which promises are moved off servers that have lost cards: those that begin before `before`, at most `most`. Without
 * `servers` all are looked at.
 */
export type HealBound = { readonly before: Instant; readonly most: number; readonly servers?: readonly number[] };

export type Healed = {
  /** With their new shares. */
  readonly moved: readonly PlannedPromise[];
  /** They fit nowhere else and stay where they are; cards are sought again when they are bound. */
  readonly stuck: readonly PlannedPromise[];
};

const NOTHING: Healed = { moved: [], stuck: [] };

/** The tentative promises of a server at whose time more is promised on it than there is, the soonest first. */
function crowdedOn(state: PoolState, server: number): PlannedPromise[] {
  const profile = state.profileOf(server);
  const usable = state.serverUsable[server] ?? 0;
  const crowded = [...state.tentativeSpansOf(server)].filter(({ interval }) => peakIn(profile, interval) > usable);
  return crowded
    .flatMap(({ promiseId }) => state.promises.get(promiseId) ?? [])
    .sort((a, b) => a.interval.startAt - b.interval.startAt || (a.id < b.id ? -1 : 1));
}

/**
 * Moves promises off servers on which more is promised than there is, one after another, each to where it fits beside
 * everything else; one that fits nowhere stays, and holds up no other. The state is left as it was.
 */
export function heal(state: PoolState, { before, most, servers: within }: HealBound): Healed {
  const servers = crowdedServers(state, within);
  if (servers.length === 0) return NOTHING;
  const moved = new Map<string, PlannedPromise>();
  const stuck = new Map<string, PlannedPromise>();
  const undos: Undo[] = [];
  for (const server of servers) {
    for (const promise of crowdedOn(state, server)) {
      if (promise.interval.startAt >= before || moved.size + stuck.size >= most) continue;
      if (moved.has(promise.id) || stuck.has(promise.id) || !isCrowded(state, server, promise.interval)) continue;
      const putBack = state.lift(promise.id);
      const shares = place(state, promise, false);
      putBack();
      if (!shares) {
        stuck.set(promise.id, promise);
        continue;
      }
      const next = { ...promise, shares };
      undos.push(state.changePromise(next));
      moved.set(next.id, next);
    }
  }
  for (const undo of undos.reverse()) undo();
  return { moved: [...moved.values()], stuck: [...stuck.values()] };
}

function crowdedServers(state: PoolState, within: readonly number[] | undefined): readonly number[] {
  return within ? within.filter((server) => isOvercommitted(state, server)) : overcommittedServers(state);
}

/** {@link heal}; if something stays that way, everything tentative is planned anew, and that is taken when all fits. */
export function healOrReplan(state: PoolState, bound: HealBound): Healed {
  const healed = heal(state, bound);
  if (healed.stuck.length === 0) return healed;
  const whole = movesOff(state, crowdedServers(state, bound.servers));
  return whole ? { moved: whole, stuck: [] } : healed;
}

function isCrowded(state: PoolState, server: number, interval: Interval): boolean {
  return peakIn(state.profileOf(server), interval) > (state.serverUsable[server] ?? 0);
}
