import { accept, refuse } from '#lib/core/result.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type ActSubject, countVerdicts, judgeAct, judgeCard, LIFECYCLE_IS, ruleOf } from '#lib/inventory/lifecycle.ts';
import type { PoolMind } from './book.ts';
import { movesWithout } from './pool-cards.ts';
import type { Change, Decision } from './decision-types.ts';
import type { Command, CommandPayload } from './command-types.ts';

type Payload = Extract<CommandPayload, { kind: 'cardAct' }>;

/** The cards that some live reservation has, or is bound to have. */
function heldCards(mind: PoolMind): Set<number> {
  return new Set([...mind.book.allBindings()].map(({ card }) => card));
}

/**
 * Moves cards along their lifecycle. What is allowed stands in its table; who holds which card only the mind knows, so
 * it is judged here, between the bookings before and after. Whoever holds a card that takes no new work any more keeps
 * it; promises without cards yet move to where there is room.
 */
export function decideCardAct(mind: PoolMind, command: Command, payload: Payload, now: Instant): Decision {
  const { act, cardIds, reason } = payload;
  const held = heldCards(mind);
  const subjects: { card: number; subject: ActSubject }[] = [];
  for (const id of cardIds) {
    const card = mind.book.cardOrdinals.get(id);
    const state = card === undefined ? undefined : mind.book.cards[card];
    if (card === undefined || !state) return { answer: refuse({ code: 'cardUnknown' }), changes: [] };
    subjects.push({ card, subject: { ...state, isHeld: held.has(card) } });
  }
  const verdict = judgeAct(
    countVerdicts(
      act,
      subjects.map(({ subject }) => subject),
    ),
  );
  if (!verdict.ok) return { answer: verdict, changes: [] };
  const moving = subjects.filter(({ subject }) => judgeCard(act, subject) === 'applies');
  const changes = [...Map.groupBy(moving, ({ subject }) => subject.lifecycle)].map(
    ([from, group]): Change => ({
      kind: 'cardsMoved',
      cards: group.map(({ card }) => card),
      act,
      from,
      reason,
      actor: command.actor,
      at: now,
    }),
  );
  const closed = LIFECYCLE_IS[ruleOf(act).to].open
    ? []
    : moving.filter(({ subject }) => LIFECYCLE_IS[subject.lifecycle].open).map(({ card }) => card);
  const moves = closed.length > 0 ? movesWithout(mind, closed, now) : [];
  return { answer: accept({ reservationId: null }), changes: [...moves, ...changes] };
}
