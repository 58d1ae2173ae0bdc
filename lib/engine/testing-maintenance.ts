import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { decide } from '#lib/reservations/decide.ts';
import {
  type DrainOutcome,
  effectOf,
  type Handling,
  type MaintenanceWindow,
} from '#lib/reservations/maintenance-types.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Change, Decision } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { blockedInterval, keptCards } from '#lib/reservations/windows.ts';
import type { Mind } from './mind.ts';
import { commandOf, ORG, RICH, T0 } from './testing.ts';

/** So many hours after the beginning. */
export const hoursAfter = (hours: number): Instant => instant(T0 + hours * HOUR_MS);
/** The ordinals of a server's sixteen cards. */
export const serverCards = (server: number): number[] => Array.from({ length: 16 }, (_, slot) => server * 16 + slot);

/** Decides a command and applies it, staff's as staff. */
export function submit(mind: Mind, payload: CommandPayload, at = T0): Decision {
  const isStaff = payload.kind === 'planDrain' || payload.kind === 'planWindow' || payload.kind === 'endWindow';
  const decision = decide(mind, commandOf(payload, isStaff ? null : ORG), RICH, at);
  mind.applyAll(decision.changes);
  return decision;
}

/** Decides and applies everything that is due up to an instant. */
export function runTo(mind: Mind, at: Instant): Change[] {
  const made: Change[] = [];
  for (let due = nextDue(mind); due && due.at <= at; due = nextDue(mind)) {
    const changes = decideDue(mind, due, RICH);
    mind.applyAll(changes);
    made.push(...changes);
  }
  return made;
}

/** What emptying cards would do. */
export function drain(mind: Mind, cards: readonly number[], interval: Interval, at = T0): DrainOutcome {
  return mind.planner.planDrain(keptCards(mind.book, cards, interval, at), blockedInterval(interval)).outcome;
}

type Wish = { cards?: number[]; from?: Instant | null; to?: Instant | null; handling?: Handling; id?: string };

/** Plans a window as somebody who has just seen whom it hits: of the first server, for two hours, unless said otherwise. */
export function planWindow(mind: Mind, wish: Wish = {}, at = T0): Decision {
  const { cards = serverCards(0), from = hoursAfter(30), to = hoursAfter(32), handling = 'wait', id = 'mnt_a' } = wish;
  const expectedEffect = effectOf(drain(mind, cards, { startAt: from ?? at, endAt: to }, at));
  const cardIds = cards.map((card) => `crd_${card}`);
  const payload = { windowId: id, cardIds, startAt: from, endAt: to, handling, reason: 'fans', expectedEffect };
  return submit(mind, { kind: 'planWindow', ...payload }, at);
}

/** Why a decision refused; undefined where it did not. */
export const refusalOf = ({ answer }: Decision): string | undefined => (answer.ok ? undefined : answer.refusal.code);
/** What holders are told, with whom it is about. */
export const eventsOf = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) =>
    // Notices of an end are not about maintenance.
    change.kind === 'event' && change.event !== 'endsSoon' ? [`${change.event} ${change.reservationId}`] : [],
  );
/** The window that {@link planWindow} names by itself. */
export const windowOf = (mind: Mind): MaintenanceWindow | undefined => mind.book.windows.get('mnt_a' as never);
/** The cards that a reservation has, in their order. */
export const cardsOf = (mind: Mind, id: string): number[] =>
  mind.book
    .bindingsOf(id as never)
    .map(({ card }) => card)
    .sort((a, b) => a - b);
