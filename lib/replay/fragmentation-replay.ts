import { HOUR_MS, instant, type Instant } from '#lib/core/instant.ts';
import type { Topology } from '#lib/core/topology.ts';
import { bindingCards } from '#lib/scheduler/bind.ts';
import { planFor } from '#lib/scheduler/plan.ts';
import { PoolState } from '#lib/scheduler/pool-state.ts';
import type { StrandedGrowth } from '#lib/scheduler/supernode-choice.ts';
import { BINDING_SHAPE, type BindingRequest, BOOKING_HOURS } from './binding-requests.ts';

const T0 = Date.UTC(2026, 0, 1);
const at = (hour: number): Instant => instant(T0 + hour * HOUR_MS);
const { supernodes, serversPerSupernode, cardsPerServer } = BINDING_SHAPE;
const SUPERNODE_CARDS = serversPerSupernode * cardsPerServer;

export const KINDS = ['cards', 'whole-servers', 'whole-supernodes'] as const;
export type Kind = (typeof KINDS)[number];

/** Of one kind of request: how many there were, how many found no room, and the card-hours that were accepted. */
export type KindOutcome = { readonly requests: number; readonly refused: number; readonly acceptedCardHours: number };

export type FragmentationOutcome = Readonly<Record<Kind, KindOutcome>>;

function kindOf(cards: number): Kind {
  if (cards < cardsPerServer) return 'cards';
  return cards < SUPERNODE_CARDS ? 'whole-servers' : 'whole-supernodes';
}

const TOPOLOGY = {
  cards: 'any',
  'whole-servers': 'same-supernode',
  'whole-supernodes': 'whole-supernodes',
} as const satisfies Record<Kind, Topology>;

function emptyPool(growth: StrandedGrowth): PoolState {
  const servers = supernodes * serversPerSupernode;
  return new PoolState(
    {
      servers: Array.from({ length: servers }, (_, i) => ({ supernode: Math.floor(i / serversPerSupernode), pod: 0 })),
      cardServers: Array.from({ length: servers * cardsPerServer }, (_, card) => Math.floor(card / cardsPerServer)),
    },
    growth,
  );
}

/** Lets time come to an hour: what is over leaves, what begins is bound and moves no more. */
function comeTo(state: PoolState, hour: number): void {
  for (const promise of [...state.promises.values()]) {
    const { id, interval, isBound } = promise;
    if (interval.endAt !== null && interval.endAt <= at(hour)) {
      if (isBound)
        state.unbind(
          id,
          state.bindingsOfPromise(id).map((binding) => binding.id),
        );
      state.removePromise(id);
    } else if (!isBound && interval.startAt <= at(hour)) {
      const { cards } = bindingCards(state, promise);
      state.changePromise({ ...promise, shares: [], isBound: true });
      state.bind(cards.map((card) => ({ id: `${id}-${card}`, promiseId: id, card, interval })));
    }
  }
  state.advanceTo(at(hour));
}

/**
 * Books the published series in the market's own plan: cards anywhere, gangs within one supernode, and supernodes of
 * their own. Says of each kind what found no room.
 */
export function replayFragmentation(requests: readonly BindingRequest[], growth: StrandedGrowth): FragmentationOutcome {
  const state = emptyPool(growth);
  const outcomes = { cards: none(), 'whole-servers': none(), 'whole-supernodes': none() };
  let hour = -1;
  for (const { sequence, cards, bookHour, startHour, endHour } of requests) {
    for (; hour < Math.min(bookHour, BOOKING_HOURS); hour += 1) comeTo(state, hour + 1);
    const kind = kindOf(cards);
    const candidate = {
      id: `r${sequence}`,
      cards,
      topology: TOPOLOGY[kind],
      interval: { startAt: at(startHour), endAt: at(endHour) },
      shares: [],
      isBound: false,
    };
    const plan = planFor(state, candidate, startHour <= bookHour);
    const own = outcomes[kind];
    own.requests += 1;
    if (!plan) {
      own.refused += 1;
      continue;
    }
    for (const moved of plan.moved) state.changePromise(moved);
    state.addPromise({ ...candidate, shares: plan.shares });
    own.acceptedCardHours += cards * (endHour - startHour);
    if (startHour <= bookHour) comeTo(state, bookHour);
  }
  return outcomes;
}

const none = () => ({ requests: 0, refused: 0, acceptedCardHours: 0 });
