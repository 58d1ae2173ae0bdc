import { overlaps } from '#lib/core/interval.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { LIFECYCLE_IS } from '#lib/inventory/lifecycle.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Bound } from '#lib/reservations/planner-types.ts';
import { overcommittedServers } from '#lib/scheduler/bind.ts';
import { cardsIn } from '#lib/scheduler/pool-state.ts';
import type { Mind } from '../mind.ts';
import { each, type Invariant } from './sight.ts';

const isEmpty = ({ interval }: Bound): boolean => interval.endAt !== null && interval.endAt <= interval.startAt;

function clashes(bindings: Iterable<Pick<Bound, 'id' | 'card' | 'interval'>>): string[] {
  const byCard = Map.groupBy(bindings, ({ card }) => card);
  return [...byCard].flatMap(([card, list]) => {
    const sorted = [...list].sort((a, b) => a.interval.startAt - b.interval.startAt);
    return sorted.flatMap((bound, i) => {
      const next = sorted[i + 1];
      return next && overlaps(bound.interval, next.interval) ? [`card ${card} serves ${bound.id} and ${next.id}`] : [];
    });
  });
}

/** No card serves two allocations at once: not in the rows, whole history included, and not in memory. */
export const cardsServeOne: Invariant = ({ rows, mind }) => [
  ...clashes([...rows.allocations.values()].filter((row) => !isEmpty(row))),
  ...clashes(mind.book.allBindings()),
];

/** A bound gang has all its cards, or says of each that is missing that it is lost. */
export const gangsWhole: Invariant = ({ mind }) =>
  each(mind.book.reservations.values(), ({ id, isBound, cards, lost }) => {
    if (!isBound) return null;
    const found = mind.book.bindingsOf(id).length + lost.filter(({ isUnbound }) => isUnbound).length;
    return found === cards ? null : `${id} has and misses ${found} of ${cards} cards`;
  });

/** A promise without cards yet has a place for each of them. */
export const promisesPlanned: Invariant = ({ mind }) =>
  each(mind.book.reservations.values(), ({ id, isBound, cards }) => {
    const shares = mind.state.promises.get(id)?.shares ?? [];
    const isPlanned = cardsIn(shares) === cards && shares.every((share) => share.cards > 0);
    return isBound || isPlanned ? null : `${id} is promised ${cards} cards and planned ${JSON.stringify(shares)}`;
  });

function serversOf(mind: Mind, { id, isBound }: Booked): Set<number> {
  const { state, book } = mind;
  if (isBound) return new Set(book.bindingsOf(id).map(({ card }) => state.cardServer[card] ?? -1));
  return new Set((state.promises.get(id)?.shares ?? []).map(({ server }) => server));
}

/** Each server, or each supernode, has whole segments of a gang. */
function segmentsKept(mind: Mind, reservation: Booked, segmentCards: number): string | null {
  const { state, book } = mind;
  const { id, topology, isBound } = reservation;
  const shares = isBound
    ? book.bindingsOf(id).map(({ card }) => ({ server: state.cardServer[card] ?? -1, cards: 1 }))
    : (state.promises.get(id)?.shares ?? []);
  const placeOf = (server: number): number =>
    LAYOUTS[topology].within === 'server' ? server : (state.serverSupernode[server] ?? -1);
  const groups = Map.groupBy(shares, ({ server }) => placeOf(server));
  const isCut = [...groups.values()].some((own) => cardsIn(own) % segmentCards !== 0);
  return isCut ? `${id} was promised segments of ${segmentCards} and lies on ${JSON.stringify(shares)}` : null;
}

/** The cards of a reservation lie as it was bought; a whole server or supernode stays whole until one of its cards is lost. */
export const topologiesKept: Invariant = ({ mind, wasShort }) =>
  each(mind.book.reservations.values(), (reservation) => {
    const { id, topology, cards, gang } = reservation;
    if (gang?.segmentCards) return wasShort ? null : segmentsKept(mind, reservation, gang.segmentCards);
    const servers = serversOf(mind, reservation);
    const supernodes = new Set([...servers].map((server) => mind.state.serverSupernode[server]));
    const size = mind.state.serverSize[0] ?? 1;
    const isKept = {
      any: true,
      'same-server': servers.size <= 1,
      'same-supernode': supernodes.size <= 1,
      'whole-servers': wasShort || servers.size === cards / size,
      'whole-supernodes': wasShort || supernodes.size === cards / mind.state.supernodeSize,
    }[topology];
    return isKept ? null : `${id} was promised ${topology} and lies on servers ${[...servers].join(', ')}`;
  });

/** While every card takes new work, no server is promised beyond its cards at any time. */
export const nothingOverpromised: Invariant = ({ mind }) =>
  mind.state.isUsable.every((usable) => usable === 1)
    ? overcommittedServers(mind.state).map((server) => `server ${server} is promised beyond its cards`)
    : [];

/** Nobody has a card that is worked on. */
export const workedCardsEmpty: Invariant = ({ mind }) =>
  each(mind.book.allBindings(), ({ id, card }) => {
    const lifecycle = mind.book.cards[card]?.lifecycle ?? 'in_service';
    return LIFECYCLE_IS[lifecycle].holdable ? null : `${id} has card ${card}, which is in ${lifecycle}`;
  });

/** New work goes to cards that take it. */
export const newWorkOnUsable: Invariant = ({ attempts, mind }) =>
  attempts.flatMap(({ decided, rowsAfter, outcome }) => {
    const changes = outcome === 'committed' ? (decided?.changes ?? []) : [];
    if (changes.some(({ kind }) => kind === 'cardsMoved')) return [];
    const bound = changes.flatMap((change) => (change.kind === 'cardsBound' ? change.bindings : []));
    return each(bound, ({ id, card }) => {
      const state = rowsAfter.cards[card];
      const isFit = state && LIFECYCLE_IS[state.lifecycle].open && state.takesNewWork && state.probationUntil === null;
      return isFit && mind.state.cardCount > card ? null : `${id} got card ${card}, which takes no new work`;
    });
  });

/** Book and plan hold the same: every live reservation is a promise, every allocation a binding, and no more but live windows. */
export const planFollowsBook: Invariant = ({ mind }) => {
  const { book, state } = mind;
  const windows = new Set<string>(book.windows.keys());
  const ofReservations = [...state.bindings()].filter(({ promiseId }) => !windows.has(promiseId));
  const inPlan = new Set(ofReservations.map(({ id }) => id));
  const inBook = [...book.allBindings()];
  const live = new Set<string>([...book.reservations.keys(), ...windows]);
  return [
    ...each(inBook, ({ id }) => (inPlan.has(id) ? null : `${id} is not in the plan`)),
    ...(inPlan.size === inBook.length ? [] : [`the plan binds ${inPlan.size} cards, the book ${inBook.length}`]),
    ...each(book.reservations.keys(), (id) => (state.promises.has(id) ? null : `${id} is not in the plan`)),
    ...each(state.promises.keys(), (id) => (live.has(id) ? null : `${id} is over and in the plan`)),
    ...each(windows, (id) => (state.promises.has(id) ? null : `${id} is not in the plan`)),
  ];
};
