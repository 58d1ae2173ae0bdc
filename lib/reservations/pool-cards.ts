import { present } from '#lib/core/assert.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { probationAfter, replaceAt } from '#lib/inventory/debounce.ts';
import { eventOf } from './admission.ts';
import { canBeGranted, isUsable, type PoolMind } from './book.ts';
import type { Booked } from './types.ts';
import type { Change } from './decision-types.ts';
import type { CommandPayload } from './command-types.ts';

/** Promises that begin within this time after a loss are moved at once. */
export const HEAL_AHEAD_SECONDS = 86_400;
/** How many of the later ones a round tries: so that losing a pod costs no round its time. */
const HEALED_PER_ROUND = 8;

type Payload<K extends CommandPayload['kind']> = Extract<CommandPayload, { kind: K }>;

/**
 * The promises of the next day that move because cards were lost. One that fits nowhere keeps its place, holds up no
 * other, and is looked for again when it is bound; later ones are healed a few in each round (`healSome`).
 */
export function movesWithout(mind: PoolMind, cards: readonly number[], now: Instant): Change[] {
  const before = plusSeconds(now, HEAL_AHEAD_SECONDS);
  return mind.planner.planWithout(cards, before).map((moved) => ({ kind: 'replanned', ...moved }));
}

/** A few more promises that move off servers which lack cards for them. */
export function healSome(mind: PoolMind): Change[] {
  return mind.planner.planHealing(HEALED_PER_ROUND).map((moved) => ({ kind: 'replanned', ...moved }));
}

type HealthChange = Payload<'health'>['changes'][number];

/** The running reservation on a card, if any. */
function holderOf(mind: PoolMind, card: number): Booked | null {
  for (const bound of mind.book.allBindings()) {
    const reservation = bound.card === card ? mind.book.reservations.get(bound.reservationId) : undefined;
    if (reservation?.state === 'active') return reservation;
  }
  return null;
}

function lose(reservation: Booked, card: number, cardId: string, since: Instant, retryAt: Instant): Change[] {
  if (reservation.lost.some((lost) => lost.card === card)) return [];
  const lost = [...reservation.lost, { card, since, isUnbound: false, retryAt }];
  return [
    { kind: 'reservationChanged', reservation: { ...reservation, lost } },
    eventOf(reservation, since, 'cardLost', { card: cardId }),
  ];
}

function recover(reservation: Booked, card: number): Change[] {
  const lost = reservation.lost.filter((each) => each.card !== card || each.isUnbound);
  return lost.length === reservation.lost.length
    ? []
    : [{ kind: 'reservationChanged', reservation: { ...reservation, lost } }];
}

/**
 * What one report of the device layer changes. A lost card is shown at once and replaced after the debounce; a card
 * that is well again before that stays with its holder, but gets no new work before it has proven itself. A card that was refused to its holder is lost to it, however
 * healthy it looks. One change at a time: the next sees the last one applied.
 */
export function decideHealth(mind: PoolMind, change: HealthChange, now: Instant): Change[] {
  const ordinal = mind.book.cardOrdinals.get(change.cardId);
  const before = ordinal === undefined ? undefined : mind.book.cards[ordinal];
  if (ordinal === undefined || !before) return [];
  const { cardId, health, takesNewWork, isRefused, reason } = change;
  const isSame = before.health === health && before.takesNewWork === takesNewWork;
  if (isSame && !isRefused) return [];
  const at = instant(change.at);
  const probationUntil = probationAfter(before, health, at);
  const changes: Change[] = [{ kind: 'cardHealth', card: ordinal, health, takesNewWork, probationUntil, reason, at }];
  const holder = holderOf(mind, ordinal);
  const isLost = isRefused || health === 'unhealthy' || health === 'unknown';
  if (holder && isLost) changes.push(...lose(holder, ordinal, cardId, at, replaceAt(before, at, now)));
  else if (holder && takesNewWork) changes.push(...recover(holder, ordinal));
  if (isUsable(before) && !isUsable({ ...before, health, takesNewWork, probationUntil }))
    changes.push(...movesWithout(mind, [ordinal], now));
  return changes;
}

/** A card has been up long enough: it may have new work again. */
export function decideProbationOver(mind: PoolMind, ordinal: number, at: Instant): Change[] {
  const { health, takesNewWork } = present(mind.book.cards[ordinal], `card ${ordinal}`);
  return [{ kind: 'cardHealth', card: ordinal, health, takesNewWork, probationUntil: null, reason: 'none', at }];
}

/** The cards that are not fit at a reservation's start are lost to it from the start on, and replaced without waiting. */
export function loseUnfit(mind: PoolMind, reservation: Booked, at: Instant): { reservation: Booked; events: Change[] } {
  const unfit = mind.book.bindingsOf(reservation.id).filter(({ card }) => {
    const state = mind.book.cards[card];
    return state !== undefined && !canBeGranted(state);
  });
  const lost = unfit.map(({ card }) => ({ card, since: at, isUnbound: false, retryAt: at }));
  const events = unfit.map(({ card }) =>
    eventOf(reservation, at, 'cardLost', { card: mind.book.cards[card]?.id ?? `${card}` }),
  );
  return { reservation: { ...reservation, lost: [...reservation.lost, ...lost] }, events };
}
