import { type Lifecycle, LIFECYCLE_IS } from './lifecycle.ts';
import type { Commercial, Health } from './types.ts';

/** What a card is good for at this moment: one word each, for maps and counts. */
export const CONDITIONS = [
  'free',
  'heldSoon',
  'inUse',
  'cordoned',
  'maintenance',
  'unhealthy',
  'unknown',
  'spare',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** The states of a card, and whether a reservation has it now or is bound to have it next. */
export type CardStates = {
  readonly health: Health;
  /** False while the device refuses new work, although the card is up. */
  readonly takesNewWork: boolean;
  /** It was down not long ago and must prove itself before it gets new work. */
  readonly isOnProbation: boolean;
  readonly lifecycle: Lifecycle;
  readonly commercial: Commercial;
  readonly holder: 'running' | 'soon' | null;
};

/** How many cards there are, and how many of them in each condition. */
export type ConditionCounts = Readonly<Record<Condition, number>> & { readonly cards: number };

/** True when nothing new may come to a card that is up: by ops, by the catalog, by its device, or on probation. */
export function isTakenOut({ lifecycle, commercial, takesNewWork, isOnProbation }: CardStates): boolean {
  return !LIFECYCLE_IS[lifecycle].open || commercial !== 'on-sale' || !takesNewWork || isOnProbation;
}

/**
 * The condition of a card. One that is worked on, or away for repair, is in maintenance whatever its device says
 * meanwhile. Then the device speaks, then who has it: a cordoned card that somebody still uses is in use, because it is
 * sold; one that nobody has is cordoned, because it cannot be. One that nobody has and whose device refuses new work, or
 * that is on probation, is faulty: it is up, but it cannot be sold either. A spare that waits is just that.
 */
export function conditionOf(states: CardStates): Condition {
  if (!LIFECYCLE_IS[states.lifecycle].holdable) return 'maintenance';
  if (states.health === 'unhealthy' || states.health === 'unknown') return states.health;
  if (states.holder === 'running') return 'inUse';
  if (states.holder === 'soon') return 'heldSoon';
  if (!states.takesNewWork || states.isOnProbation) return 'unhealthy';
  if (states.commercial === 'spare' && LIFECYCLE_IS[states.lifecycle].open) return 'spare';
  return isTakenOut(states) ? 'cordoned' : 'free';
}

/** Counts groups of cards that share their states. */
export function countConditions(groups: Iterable<CardStates & { readonly count: number }>): ConditionCounts {
  const counts: Record<Condition, number> & { cards: number } = {
    cards: 0,
    free: 0,
    heldSoon: 0,
    inUse: 0,
    cordoned: 0,
    maintenance: 0,
    unhealthy: 0,
    unknown: 0,
    spare: 0,
  };
  for (const group of groups) {
    counts[conditionOf(group)] += group.count;
    counts.cards += group.count;
  }
  return counts;
}
