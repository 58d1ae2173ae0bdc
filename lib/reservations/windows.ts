import { earlier, type Instant, later, plusSeconds } from '#lib/core/instant.ts';
import { type Interval, overlaps } from '#lib/core/interval.ts';
import { type CardAct, judgeCard, type Lifecycle, LIFECYCLE_IS } from '#lib/inventory/lifecycle.ts';
import { bindCards, eventOf } from './admission.ts';
import type { PoolMind } from './book.ts';
import {
  type MaintenanceWindow,
  NOTICE_LEADS_SECONDS,
  WINDOW_RETRY_SECONDS,
  type WindowCardState,
} from './maintenance-types.ts';
import { movesWithout } from './pool-cards.ts';
import { BIND_LEAD_SECONDS, type Booked } from './types.ts';
import type { Bound } from './planner-types.ts';
import type { Change } from './decision-types.ts';

/**
 * What a window keeps from the market. Cards are bound half an hour before a start, and a card that is worked on cannot
 * be bound: so nothing begins on them before that time after the end.
 */
export function blockedInterval({ startAt, endAt }: Interval): Interval {
  return { startAt, endAt: endAt === null ? null : plusSeconds(endAt, BIND_LEAD_SECONDS) };
}

/**
 * What a window that is planned at `plannedAt` keeps of each of its cards. Of a server that is worked on as a whole, the
 * window's own time. A card whose neighbours stay in service is kept from now on: room is counted by the server, and a
 * booking over two hours in which different cards are away would find none that is there in both.
 */
export function keptCards(
  { cards }: Pick<PoolMind['book'], 'cards'>,
  chosen: Iterable<number>,
  interval: Interval,
  plannedAt: Instant,
): Map<number, Interval> {
  const ordinals = new Set(chosen);
  const serverOf = (card: number): string => cards[card]?.serverId ?? '';
  const servers = new Set([...ordinals].map(serverOf));
  const inService = new Set<string>();
  for (const [card, { serverId }] of cards.entries())
    if (servers.has(serverId) && !ordinals.has(card)) inService.add(serverId);
  const own = blockedInterval(interval);
  const longer = { startAt: earlier(plannedAt, own.startAt), endAt: own.endAt };
  return new Map([...ordinals].map((card) => [card, inService.has(serverOf(card)) ? longer : own]));
}

/** True while a card counts as capacity for the time after its window, whatever people and devices say of it now. */
export function keepsCapacity({ state, cards }: MaintenanceWindow, card: number): boolean {
  const own = cards.get(card);
  return state === 'running' && (own === 'waiting' || own === 'taken');
}

/** When a window asks for something next: a notice, its start, another look at cards that are held, its end. */
export function nextWindowDue({ interval, state, noticesGiven, retryAt }: MaintenanceWindow): Instant | null {
  if (state === 'planned') {
    const lead = NOTICE_LEADS_SECONDS[noticesGiven];
    return lead === undefined ? interval.startAt : plusSeconds(interval.startAt, -lead);
  }
  if (retryAt === null || interval.endAt === null) return retryAt ?? interval.endAt;
  return retryAt < interval.endAt ? retryAt : interval.endAt;
}

type Held = { readonly bound: Bound; readonly reservation: Booked };

/**
 * Who has which card of a window at some moment of an interval, by card and time, whatever order memory was filled in: the next
 * leader moves the same holder first. A card may have one holder now and one after.
 */
export function holdersIn(mind: PoolMind, window: Pick<MaintenanceWindow, 'cards'>, interval: Interval): Held[] {
  const held: Held[] = [];
  for (const bound of mind.book.allBindings()) {
    if (!window.cards.has(bound.card) || !overlaps(bound.interval, interval)) continue;
    const reservation = mind.book.reservations.get(bound.reservationId);
    if (reservation) held.push({ bound, reservation });
  }
  return held.sort(({ bound: a }, { bound: b }) => a.card - b.card || a.interval.startAt - b.interval.startAt);
}

/** Tells every holder that reaches into a window that it is coming, or that it is not. */
export function tellHolders(
  mind: PoolMind,
  window: MaintenanceWindow,
  event: 'maintenanceAhead' | 'maintenanceCalledOff',
  at: Instant,
): Change[] {
  const { interval, handling } = window;
  const holders = Map.groupBy(holdersIn(mind, window, interval), ({ reservation }) => reservation);
  return [...holders].map(([reservation, held]) =>
    eventOf(reservation, at, event, {
      fromAt: interval.startAt,
      untilAt: interval.endAt,
      cards: held.length,
      handling,
    }),
  );
}

const cardsIn = (window: Pick<MaintenanceWindow, 'cards'>, ...states: WindowCardState[]): number[] =>
  [...window.cards].flatMap(([card, state]) => (states.includes(state) ? [card] : []));

/** One act on cards in whatever states they are, as one change per state. */
function act(
  mind: PoolMind,
  window: MaintenanceWindow,
  cards: readonly number[],
  name: CardAct,
  at: Instant,
): Change[] {
  const byState = Map.groupBy(cards, (card): Lifecycle => mind.book.cards[card]?.lifecycle ?? 'in_service');
  return [...byState].map(([from, group]) => ({
    kind: 'cardsMoved',
    cards: group,
    act: name,
    from,
    reason: window.reason,
    actor: window.plannedBy,
    at,
  }));
}

/**
 * Gives a holder another card for the rest of its time, with all that moves together with it; nothing changes when there is none
 * within its reach, or while one of them has failed: a replacement is looked for where the failed one was.
 */
function moveHolder(mind: PoolMind, { bound, reservation }: Held, at: Instant): Change[] | null {
  const { id, lost } = reservation;
  const rest = { startAt: later(bound.interval.startAt, at), endAt: bound.interval.endAt };
  const moves = mind.planner.holderMoves(id, bound.card, rest);
  if (moves === null || (moves.size > 1 && lost.length > 0) || lost.some(({ card }) => moves.has(card))) return null;
  return mind.book.bindingsOf(id).flatMap(({ id: boundId, card, interval }): Change[] => {
    const to = moves.get(card);
    if (to === undefined) return [];
    const startAt = later(interval.startAt, at);
    return [
      { kind: 'bindingsClosed', reservationId: id, ids: [boundId], endAt: startAt },
      { kind: 'cardsBound', bindings: bindCards(id, [to], { startAt, endAt: interval.endAt }) },
      eventOf(reservation, at, 'cardMoved', {
        from: mind.book.cards[card]?.id ?? '',
        card: mind.book.cards[to]?.id ?? '',
      }),
    ];
  });
}

/** When a holder's time ends next, and at the latest after the time in which one may have left early. */
function nextLook(held: readonly Held[], at: Instant): Instant {
  const latest = plusSeconds(at, WINDOW_RETRY_SECONDS);
  const ends = held.flatMap(({ bound }) => bound.interval.endAt ?? []).filter((endAt) => endAt > at);
  return ends.reduce((first, endAt) => earlier(first, endAt), latest);
}

/**
 * Takes the window's cards that nobody has; the others are emptied: their holders stay until they leave, or move where
 * they can. One holder is moved at a time, because the next must not be given the same card; the rest follow at once.
 */
function takeCards(mind: PoolMind, window: MaintenanceWindow, at: Instant): Change[] {
  const wanted = cardsIn(window, 'planned', 'waiting');
  const held = holdersIn(mind, window, { startAt: at, endAt: null }).filter(({ bound }) => wanted.includes(bound.card));
  if (window.handling === 'move')
    for (const each of held) {
      // A card that failed under its holder is replaced by the law of faults.
      if (each.reservation.lost.some(({ card }) => card === each.bound.card)) continue;
      const moved = moveHolder(mind, each, at);
      if (moved) return [...moved, { kind: 'windowChanged', window: { ...window, state: 'running', retryAt: at } }];
    }
  const holding = new Set(held.map(({ bound }) => bound.card));
  const lifecycleOf = (card: number): Lifecycle => mind.book.cards[card]?.lifecycle ?? 'in_service';
  const isOurs = (card: number): boolean => LIFECYCLE_IS[lifecycleOf(card)].open || lifecycleOf(card) === 'draining';
  const stateOf = (card: number): WindowCardState => {
    if (!isOurs(card)) return 'skipped';
    return holding.has(card) ? 'waiting' : 'taken';
  };
  const cards = new Map(window.cards);
  for (const card of wanted) cards.set(card, stateOf(card));
  const [waiting, taken] = [cardsIn({ cards }, 'waiting'), wanted.filter((card) => cards.get(card) === 'taken')];
  const next: MaintenanceWindow = {
    ...window,
    state: 'running',
    cards,
    retryAt: waiting.length > 0 ? nextLook(held, at) : null,
  };
  return [
    { kind: 'windowChanged', window: next },
    ...act(mind, window, taken, 'startMaintenance', at),
    ...act(
      mind,
      window,
      waiting.filter((card) => lifecycleOf(card) !== 'draining'),
      'drain',
      at,
    ),
  ];
}

/** Gives the window's cards back: those whose devices work. The others stay in maintenance, where people find them. */
export function giveBack(mind: PoolMind, window: MaintenanceWindow, at: Instant): Change[] {
  const verdictOf = (card: number) => {
    const state = mind.book.cards[card];
    return state ? judgeCard('finishMaintenance', { ...state, isHeld: false }) : 'wrongState';
  };
  const taken = cardsIn(window, 'taken');
  const back = taken.filter((card) => verdictOf(card) === 'applies');
  const left = taken.filter((card) => verdictOf(card) === 'notWorking');
  const missed = cardsIn(window, 'planned', 'waiting');
  const drained = missed.filter((card) => mind.book.cards[card]?.lifecycle === 'draining');
  const cards = new Map(window.cards);
  for (const card of taken) cards.set(card, left.includes(card) ? 'left' : 'returned');
  for (const card of missed) cards.set(card, 'missed');
  return [
    ...act(mind, window, back, 'finishMaintenance', at),
    ...act(mind, window, drained, 'uncordon', at),
    { kind: 'windowChanged', window: { ...window, cards, state: 'done', retryAt: null, endedAt: at } },
    // Promises had been made on all of them for the time after the window.
    ...(left.length > 0 ? movesWithout(mind, left, at) : []),
  ];
}

/** What a window changes at a time that it asked for. */
export function decideWindowDue(mind: PoolMind, window: MaintenanceWindow, at: Instant): Change[] {
  if (window.state === 'running') {
    const { endAt } = window.interval;
    return endAt !== null && at >= endAt ? giveBack(mind, window, at) : takeCards(mind, window, at);
  }
  if (at >= window.interval.startAt) return takeCards(mind, window, at);
  const told = { ...window, noticesGiven: window.noticesGiven + 1 };
  return [{ kind: 'windowChanged', window: told }, ...tellHolders(mind, window, 'maintenanceAhead', at)];
}
