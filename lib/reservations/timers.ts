import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';
import { bindCards, eventOf } from './admission.ts';
import { autoExtendDueAt, decideAutoExtend } from './auto-extend.ts';
import type { PoolMind } from './book.ts';
import { closeBindings, decideRenewal, offerOver } from './changes.ts';
import { decideEndNotice, noticeDueAt } from './end-notices.ts';
import { decideProbationOver, loseUnfit } from './pool-cards.ts';
import {
  BIND_LEAD_SECONDS,
  type Booked,
  type Change,
  HOLD_STEP_SECONDS,
  RENEW_LEAD_SECONDS,
  REPLACE_RETRY_SECONDS,
  type Wallets,
} from './types.ts';

/** Something that time itself asks for: of a reservation, or of a card whose probation is over. */
export type Due =
  | {
      readonly at: Instant;
      readonly kind: 'end' | 'renew' | 'autoExtend' | 'replace' | 'bind' | 'start' | 'notice';
      readonly reservation: Booked;
    }
  | { readonly at: Instant; readonly kind: 'trust'; readonly card: number };

/** At one instant ends come first, and cards that may work again, so that what they free is there for the rest. */
const RANK = {
  end: 0,
  trust: 1,
  renew: 2,
  autoExtend: 3,
  replace: 4,
  bind: 5,
  start: 6,
  notice: 7,
} as const satisfies Record<Due['kind'], number>;

function duesOf(reservation: Booked): Due[] {
  const { interval, state, isBound, heldUntil, lost } = reservation;
  const dues: Due[] = [];
  if (state === 'confirmed') {
    const at = isBound ? interval.startAt : plusSeconds(interval.startAt, -BIND_LEAD_SECONDS);
    dues.push({ at, kind: isBound ? 'start' : 'bind', reservation });
  } else if (interval.endAt !== null) {
    dues.push({ at: interval.endAt, kind: 'end', reservation });
  } else if (heldUntil !== null) {
    dues.push({ at: plusSeconds(heldUntil, -RENEW_LEAD_SECONDS), kind: 'renew', reservation });
  }
  for (const { retryAt } of lost) dues.push({ at: retryAt, kind: 'replace', reservation });
  const extendAt = autoExtendDueAt(reservation);
  if (extendAt !== null) dues.push({ at: extendAt, kind: 'autoExtend', reservation });
  const noticeAt = noticeDueAt(reservation);
  if (noticeAt !== null) dues.push({ at: noticeAt, kind: 'notice', reservation });
  return dues;
}

function isBefore(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.kind !== b.kind) return RANK[a.kind] < RANK[b.kind];
  if (a.kind === 'trust' && b.kind === 'trust') return a.card < b.card;
  return a.kind !== 'trust' && b.kind !== 'trust' && a.reservation.id < b.reservation.id;
}

/** The next thing that time asks for, past or future; null when nothing is waiting. */
export function nextDue(mind: PoolMind): Due | null {
  let next: Due | null = null;
  for (const reservation of mind.book.reservations.values()) {
    for (const due of duesOf(reservation)) if (next === null || isBefore(due, next)) next = due;
  }
  for (const [card, at] of mind.book.probations) {
    const due = { at, kind: 'trust' as const, card };
    if (next === null || isBefore(due, next)) next = due;
  }
  return next;
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
    const waiting = { ...lost, isUnbound: true, retryAt: plusSeconds(dueAt, REPLACE_RETRY_SECONDS) };
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
      return decideRenewal(mind, reservation, HOLD_STEP_SECONDS, wallets, at);
    case 'autoExtend':
      return decideAutoExtend(mind, reservation, wallets, at);
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
