import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { effectOf } from '#lib/reservations/maintenance-types.ts';
import { blockedInterval, keptCards } from '#lib/reservations/windows.ts';
import type { Mind } from '../mind.ts';
import type { StaffStep, Step } from './steps.ts';

type WindowStep = Extract<Step, { do: 'window' }>;

/** The cards that an act or a window is about: neighbours from the picked one on, or all of its server. */
function cardsOf(
  { state }: Mind,
  { pick, isServer }: { readonly pick: number; readonly isServer: boolean },
  count: number,
): number[] {
  const first = pick % state.cardCount;
  if (isServer) return [...state.cardsOf(state.cardServer[first] ?? 0)];
  return Array.from({ length: Math.min(count, state.cardCount - first) }, (_, i) => first + i);
}

const idsOf = ({ book }: Mind, cards: readonly number[]): Id<'card'>[] =>
  cards.map((card) => present(book.cards[card], `card ${card}`).id);

/** A window as staff confirm it after they were shown whom it hits. */
function windowOf(mind: Mind, step: WindowStep, windowId: string, now: Instant): CommandPayload {
  const cards = cardsOf(mind, step, step.cards);
  const second = floorToSecond(now);
  const startAt = step.leadSeconds === null ? second : plusSeconds(second, step.leadSeconds);
  const interval = { startAt, endAt: step.seconds === null ? null : plusSeconds(startAt, step.seconds) };
  const kept = keptCards(mind.book, cards, interval, now);
  const { outcome } = mind.planner.planDrain(kept, blockedInterval(interval));
  return {
    kind: 'planWindow',
    windowId,
    cardIds: idsOf(mind, cards),
    startAt: step.leadSeconds === null ? null : startAt,
    endAt: interval.endAt,
    handling: step.handling,
    reason: 'simulated',
    expectedEffect: effectOf(outcome),
  };
}

/** What staff ask for; `newId` is that of a window that it may make. Null where there is nothing to ask it of. */
export function staffPayloadOf(
  mind: Mind,
  step: StaffStep,
  { newId, now }: { readonly newId: string; readonly now: Instant },
): CommandPayload | null {
  switch (step.do) {
    case 'cardAct':
      return { kind: 'cardAct', act: step.act, cardIds: idsOf(mind, cardsOf(mind, step, 1)), reason: 'simulated' };
    case 'window':
      return windowOf(mind, step, newId, now);
    case 'endWindow': {
      const live = [...mind.book.windows.keys()].sort();
      const windowId = live[step.pick % Math.max(1, live.length)];
      return windowId === undefined ? null : { kind: 'endWindow', windowId };
    }
    case 'spares':
      return { kind: 'setSpares', shareBps: step.shareBps, reason: 'simulated' };
  }
}
