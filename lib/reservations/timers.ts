import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';
import { bindCards, eventOf } from './admission.ts';
import { autoExtendDueAt, decideAutoExtend } from './auto-extend.ts';
import type { Book, PoolMind } from './book.ts';
import { closeBindings, offerOver } from './changes.ts';
import { decideRenewal, renewalDueAt } from './renewal.ts';
import { decideEndNotice, noticeDueAt } from './end-notices.ts';
import type { MaintenanceWindow } from './maintenance-types.ts';
import { decideProbationOver, loseUnfit } from './pool-cards.ts';
import { decideHoldOn, holdOnDueAt } from './queue/holding-on.ts';
import { BIND_LEAD_SECONDS, type Booked, REPLACE_RETRY_SECONDS } from './types.ts';
import type { Change, Wallets } from './decision-types.ts';
import { decideWindowDue, nextWindowDue } from './windows.ts';

/** Something that time itself asks for: of a reservation, of a card whose probation is over, of a maintenance window. */
export type Due =
  | {
      readonly at: Instant;
      readonly kind: 'end' | 'renew' | 'autoExtend' | 'holdOn' | 'replace' | 'bind' | 'start' | 'notice';
      readonly reservation: Booked;
    }
  | { readonly at: Instant; readonly kind: 'trust'; readonly card: number }
  | { readonly at: Instant; readonly kind: 'window'; readonly window: MaintenanceWindow };

/** At one instant ends come first, and cards that may work again, so that what they free is there for the rest. */
const RANK = {
  end: 0,
  trust: 1,
  window: 2,
  renew: 3,
  autoExtend: 4,
  holdOn: 5,
  replace: 6,
  bind: 7,
  start: 8,
  notice: 9,
} as const satisfies Record<Due['kind'], number>;

function isBefore(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.kind !== b.kind) return RANK[a.kind] < RANK[b.kind];
  if (a.kind === 'trust' && b.kind === 'trust') return a.card < b.card;
  return subjectOf(a) < subjectOf(b);
}

function subjectOf(due: Due): string {
  if (due.kind === 'trust') return `${due.card}`;
  return due.kind === 'window' ? due.window.id : due.reservation.id;
}

type ReservationDue = Extract<Due, { reservation: Booked }>;

/** What comes first of a reservation: what is known, or one more. */
function soonerOf(
  first: ReservationDue | null,
  at: Instant | null,
  kind: ReservationDue['kind'],
  reservation: Booked,
): ReservationDue | null {
  if (at === null) return first;
  if (first && (first.at < at || (first.at === at && RANK[first.kind] <= RANK[kind]))) return first;
  return { at, kind, reservation };
}

function firstDueOf(book: Book, reservation: Booked): Due | null {
  const { interval, state, isBound, lost } = reservation;
  let first: ReservationDue | null = null;
  if (state === 'confirmed') {
    const at = isBound ? interval.startAt : plusSeconds(interval.startAt, -BIND_LEAD_SECONDS);
    first = { at, kind: isBound ? 'start' : 'bind', reservation };
  } else if (interval.endAt !== null) {
    first = { at: interval.endAt, kind: 'end', reservation };
  } else first = soonerOf(null, renewalDueAt(reservation), 'renew', reservation);
  for (const { retryAt } of lost) first = soonerOf(first, retryAt, 'replace', reservation);
  first = soonerOf(first, autoExtendDueAt(reservation), 'autoExtend', reservation);
  // What goes on is not told of an end.
  const holdOnAt = holdOnDueAt(book, reservation);
  if (holdOnAt !== null) return soonerOf(first, holdOnAt, 'holdOn', reservation);
  return soonerOf(first, noticeDueAt(reservation), 'notice', reservation);
}

/** What is no longer true may take as much room as what is, and this much more. */
const WASTE_MAX = 1_000;

function wait(book: Book, id: Booked['id']): void {
  const { reservations, waiting } = book;
  const reservation = reservations.get(id);
  const due = reservation && firstDueOf(book, reservation);
  if (due) waiting.push({ at: due.at, rank: RANK[due.kind], id });
}

/** The next thing that time asks of reservations. Each one that changed since the last call has a new entry. */
function nextOfReservations(book: Book): Due | null {
  const { reservations, waiting, changed } = book;
  if (waiting.size + changed.size > 2 * reservations.size + WASTE_MAX) {
    waiting.clear();
    for (const id of reservations.keys()) wait(book, id);
  } else for (const id of changed) wait(book, id);
  changed.clear();
  for (let entry = waiting.first; entry; entry = waiting.first) {
    const reservation = reservations.get(entry.id as Booked['id']);
    const due = reservation && firstDueOf(book, reservation);
    if (due && due.at === entry.at && RANK[due.kind] === entry.rank) return due;
    waiting.drop();
  }
  return null;
}

/** The next thing that time asks for, past or future; null when nothing is waiting. */
export function nextDue(mind: PoolMind): Due | null {
  let next = nextOfReservations(mind.book);
  for (const [card, at] of mind.book.probations) {
    const due = { at, kind: 'trust' as const, card };
    if (next === null || isBefore(due, next)) next = due;
  }
  for (const window of mind.book.windows.values()) {
    const at = nextWindowDue(window);
    const due = at === null ? null : { at, kind: 'window' as const, window };
    if (due && (next === null || isBefore(due, next))) next = due;
  }
  return next;
}

/** True when time asks for a decision. */
export function hasDue(mind: PoolMind, now: Instant): boolean {
  const due = nextDue(mind);
  return due !== null && due.at <= now;
}

function bind(mind: PoolMind, reservation: Booked, at: Instant): Change[] {
  const { cards, missing } = mind.planner.bindingCards(reservation.id);
  const lost = missing.map((card) => ({
    card,
    since: reservation.interval.startAt,
    isUnbound: true,
    retryAt: reservation.interval.startAt,
  }));
  const changes: Change[] = [
    { kind: 'reservationChanged', reservation: { ...reservation, isBound: true, lost } },
    { kind: 'cardsBound', bindings: bindCards(reservation.id, cards, reservation.interval) },
    eventOf(reservation, at, 'cardsBound', { cards: cards.length }),
  ];
  if (missing.length > 0) changes.push(eventOf(reservation, at, 'cardsMissing', { cards: missing.length }));
  return changes;
}

/** Gives a failed card back and takes another for the rest of the time; without another, tries again later. */
function replace(mind: PoolMind, reservation: Booked, dueAt: Instant): Change[] {
  const at = floorToSecond(dueAt);
  const lost = present(
    reservation.lost.find(({ retryAt }) => retryAt === dueAt),
    'lost card',
  );
  const others = reservation.lost.filter((each) => each !== lost);
  const changes: Change[] = [];
  const held = mind.book.bindingsOf(reservation.id).find(({ card }) => card === lost.card);
  if (!lost.isUnbound && held)
    changes.push({ kind: 'bindingsClosed', reservationId: reservation.id, ids: [held.id], endAt: at });
  const interval = { startAt: at, endAt: reservation.interval.endAt };
  const card =
    interval.endAt !== null && at >= interval.endAt
      ? null
      : mind.planner.replacementCard(reservation.id, lost.card, interval);
  if (card === null) {
    const freeElsewhere = mind.planner.freeCards(interval);
    const waiting = { ...lost, isUnbound: true, retryAt: plusSeconds(dueAt, REPLACE_RETRY_SECONDS), freeElsewhere };
    return [...changes, { kind: 'reservationChanged', reservation: { ...reservation, lost: [...others, waiting] } }];
  }
  const replaced = present(mind.book.cards[lost.card], 'card').id;
  const data = { lost: replaced, card: present(mind.book.cards[card], 'card').id };
  return [
    ...changes,
    { kind: 'reservationChanged', reservation: { ...reservation, lost: others } },
    { kind: 'cardsBound', bindings: bindCards(reservation.id, [card], interval) },
    eventOf(reservation, at, 'cardReplaced', data),
  ];
}

/** What a due time changes. It takes effect at its own instant, however late the engine comes. */
export function decideDue(mind: PoolMind, due: Due, wallets: Wallets): Change[] {
  const { at } = due;
  if (due.kind === 'trust') return decideProbationOver(mind, due.card, at);
  if (due.kind === 'window') return decideWindowDue(mind, due.window, at);
  const { reservation } = due;
  switch (due.kind) {
    case 'bind':
      return bind(mind, reservation, at);
    case 'start': {
      const { reservation: started, events } = loseUnfit(
        mind,
        { ...reservation, state: 'active', offeredTo: null },
        at,
      );
      return [
        { kind: 'reservationChanged', reservation: started },
        ...offerOver(reservation, at),
        eventOf(reservation, at, 'started'),
        ...events,
      ];
    }
    case 'renew':
      return decideRenewal(mind, reservation, wallets, at);
    case 'autoExtend':
      return decideAutoExtend(mind, reservation, wallets, at);
    case 'holdOn':
      return decideHoldOn(mind, reservation, at);
    case 'notice':
      return decideEndNotice(mind, reservation, at);
    case 'replace':
      return replace(mind, reservation, at);
    case 'end':
      return [
        ...closeBindings(mind, reservation, at),
        { kind: 'reservationEnded', id: reservation.id, state: 'ended', at, reason: 'term' },
        eventOf(reservation, at, 'ended'),
      ];
  }
}
