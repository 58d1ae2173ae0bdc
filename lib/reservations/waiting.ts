import type { TopologyWish } from '#lib/catalog/types.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { type Blocker, dominantOf, type Explained, NOTHING_BLOCKED, type Token } from './explanation.ts';
import { BIND_LEAD_SECONDS, type LostCard, type ReservationState } from './types.ts';

/** How a reservation stands, as far as it may wait for something. */
export type Standing = {
  readonly state: ReservationState;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly startAt: Instant;
  readonly isBound: boolean;
  readonly replans: number;
  readonly replannedAt: Instant | null;
  readonly lost: readonly LostCard[];
  /** The ids of its lost cards that may be named, by ordinal. */
  readonly cardIds: ReadonlyMap<number, string>;
};

/** Cards that are not there come before the start that is not yet. */
function holdingOf({ state, lost }: Standing): Token[] {
  const holding: Token[] = [];
  if (lost.some(({ freeElsewhere }) => freeElsewhere !== undefined)) holding.push('waitingForRepair');
  if (lost.length > 0) holding.push('waitingForReplacement');
  if (state === 'confirmed') holding.push('waitingForStart');
  return holding;
}

/**
 * What a promised reservation waits for: its start, a replacement of a card, or, where none is within reach of its
 * topology, a repair. Null when it waits for nothing.
 */
export function explainWaiting(standing: Standing): Explained | null {
  const { state, cards, topology, startAt, isBound, replans, replannedAt, lost, cardIds } = standing;
  const holding = state === 'confirmed' || state === 'active' ? holdingOf(standing) : [];
  if (holding.length === 0) return null;
  const token = dominantOf(holding);
  const nextTryAt = lost.length === 0 ? null : instant(Math.min(...lost.map(({ retryAt }) => retryAt)));
  const freeElsewhere = lost.reduce((most, each) => Math.max(most, each.freeElsewhere ?? 0), 0);
  const numbers =
    token === 'waitingForStart'
      ? { bindAt: plusSeconds(startAt, -BIND_LEAD_SECONDS), isBound: isBound ? 'yes' : 'no', replans, replannedAt }
      : { missing: lost.length, nextTryAt, topology, freeElsewhere };
  const blockers = lost.flatMap((each): Blocker[] => {
    const id = cardIds.get(each.card);
    return id === undefined ? [] : [{ kind: 'repair', id, organisationId: null, cards: 1, until: null }];
  });
  return {
    explanation: {
      token,
      needed: cards,
      numbers,
      free: null,
      blocked: { ...NOTHING_BLOCKED, repair: { count: lost.length, cards: lost.length } },
      earliestStartAt: token === 'waitingForStart' ? startAt : null,
      sooner: [],
    },
    blockers,
  };
}
