import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { isUsable, type PoolMind } from './book.ts';
import { chooseSpares, type SpareCandidate } from './spare-choice.ts';
import type { Change, Decision } from './decision-types.ts';
import type { Command, CommandPayload } from './command-types.ts';

/** The cards of a pool as the choice of spares sees them: in a window is nobody's to give. */
function candidatesOf({ book }: PoolMind): SpareCandidate[] {
  const taken = new Set([...book.allBindings()].map(({ card }) => card));
  for (const { cards } of book.windows.values()) for (const card of cards.keys()) taken.add(card);
  return book.cards.map((card, ordinal) => ({
    podId: card.podId,
    isOnSale: card.isOnSale,
    isSpare: card.isSpare,
    isFree: isUsable({ ...card, isOnSale: true }) && !taken.has(ordinal),
  }));
}

/**
 * Sets the share of a pool that is kept from sale for replacements. Cards that somebody has or is about to get stay on
 * sale; every promise keeps a place, some of them elsewhere. Refused where free cards are too few, or a promise would
 * have no place left.
 */
export function decideSetSpares(
  mind: PoolMind,
  command: Command,
  { shareBps }: Extract<CommandPayload, { kind: 'setSpares' }>,
  now: Instant,
): Decision {
  const { toSpare, toSale, short } = chooseSpares(candidatesOf(mind), shareBps);
  if (short > 0) {
    const refusal = { code: 'sparesTaken', needed: toSpare.length + short, free: toSpare.length } as const;
    return { answer: refuse(refusal), changes: [] };
  }
  const moved: Change[] = [];
  if (toSpare.length > 0) {
    const forGood = { startAt: floorToSecond(now), endAt: null };
    const drained = mind.planner.planDrain(new Map(toSpare.map((card) => [card, forGood])), forGood);
    const stuck = drained.outcome.promises.filter(({ servers }) => servers === null).length;
    if (stuck > 0) return { answer: refuse({ code: 'sparesPromised', promises: stuck }), changes: [] };
    moved.push(...drained.moved.map((promise): Change => ({ kind: 'replanned', ...promise })));
  }
  const change: Change = { kind: 'sparesSet', shareBps, toSpare, toSale, actor: command.actor, at: now };
  return { answer: accept({ reservationId: null }), changes: [...moved, change] };
}
