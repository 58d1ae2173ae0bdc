import { notWhole } from '#lib/catalog/wish.ts';
import { present } from '#lib/core/assert.ts';
import { floorToSecond, type Instant, later } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { cardsStepOf, keptWhole } from '#lib/core/topology.ts';
import { eventOf } from './admission.ts';
import type { PoolMind } from './book.ts';
import type { ShrinkPayload } from './change-types.ts';
import { ownReservation } from './changes.ts';
import { creditChange, freedBy, workingOf } from './giving-back-money.ts';
import type { Booked, CatalogView } from './types.ts';
import type { Bound } from './planner-types.ts';
import type { Change, Decision } from './decision-types.ts';
import type { Command, ReservationRefusal } from './command-types.ts';

/** The number of cards that may be given back: some, not all, and whole servers or supernodes where such were bought. */
export function checkShrink(
  catalog: Pick<CatalogView, 'skus'>,
  { cards, topology, gang, skuId }: Pick<Booked, 'cards' | 'topology' | 'gang' | 'skuId'>,
  givenBack: number,
): Result<number, ReservationRefusal> {
  if (!Number.isSafeInteger(givenBack) || givenBack < 1 || givenBack >= cards)
    return refuse({ code: 'cardsOutOfRange', cardsMax: cards - 1 });
  const { shape } = present(catalog.skus.get(skuId), `SKU ${skuId}`);
  const segmentCards = gang?.segmentCards ?? null;
  if (segmentCards !== null)
    return givenBack % segmentCards === 0 ? accept(givenBack) : refuse({ code: 'notWholeSegments', segmentCards });
  return givenBack % cardsStepOf(topology, shape) === 0 ? accept(givenBack) : refuse(notWhole(topology, shape));
}

type Chosen = { readonly bound: readonly Bound[]; readonly lostCards: ReadonlySet<number> };

/** Which cards go: those that were named, else those that leave the pool and the reservation least in pieces. */
function choose(mind: PoolMind, reservation: Booked, payload: ShrinkPayload): Result<Chosen, ReservationRefusal> {
  const bindings = mind.book.bindingsOf(reservation.id);
  const level = keptWhole(reservation);
  const segmentCards = reservation.gang?.segmentCards ?? null;
  const bound = new Map(bindings.map((each) => [each.card, each]));
  if (payload.cardIds.length === 0) {
    const waiting = reservation.lost.filter(({ isUnbound }) => isUnbound).map(({ card }) => card);
    const lost = new Set(reservation.lost.map(({ card }) => card));
    const cards = mind.planner.cardsToGiveBack([...bound.keys(), ...waiting], lost, payload.cards, level);
    return accept({ bound: cards.flatMap((card) => bound.get(card) ?? []), lostCards: new Set(cards) });
  }
  const cards = [...new Set(payload.cardIds)].map((id) => mind.book.cardOrdinals.get(id) ?? -1);
  const named = cards.flatMap((card) => bound.get(card) ?? []);
  if (named.length !== cards.length) return refuse({ code: 'cardUnknown' });
  if (named.length !== payload.cards) return refuse({ code: 'cardsOutOfRange', cardsMax: named.length });
  if (level !== null && !mind.planner.areWhole(cards, [...bound.keys()], level, segmentCards)) {
    const { shape } = present(mind.book.catalog.skus.get(reservation.skuId), 'SKU');
    return refuse(
      segmentCards === null ? notWhole(reservation.topology, shape) : { code: 'notWholeSegments', segmentCards },
    );
  }
  return accept({ bound: named, lostCards: new Set(cards) });
}

/** Closes bindings at `at`, those that have not begun at their own start; of a running term, what follows is unused. */
function closing(reservation: Booked, bound: readonly Bound[], at: Instant): Change[] {
  const working = new Set(workingOf(reservation, bound));
  const isTerm = reservation.term !== null && reservation.state === 'active';
  const groups = Map.groupBy(bound, (each) => `${later(each.interval.startAt, at)} ${working.has(each)}`);
  return [...groups.values()].map((group): Change => {
    const first = present(group[0], 'a binding');
    return {
      kind: 'bindingsClosed',
      reservationId: reservation.id,
      ids: group.map(({ id }) => id),
      endAt: later(first.interval.startAt, at),
      unusedUntil: isTerm && working.has(first) ? reservation.interval.endAt : null,
    };
  });
}

/**
 * Gives some cards of a reservation back from now on. Checked in this order: the reservation, its state, how many, whole
 * servers, which cards. The topology that was bought is kept; what was held for them returns in the same decision.
 */
export function decideShrink(mind: PoolMind, command: Command, payload: ShrinkPayload, now: Instant): Decision {
  const found = ownReservation(mind, command, payload.reservationId, 'shrink');
  if (!found.ok) return { answer: found, changes: [] };
  const reservation = found.value;
  const { catalog } = mind.book;
  const counted = checkShrink(catalog, reservation, payload.cards);
  if (!counted.ok) return { answer: counted, changes: [] };
  const price = present(catalog.prices.get(reservation.priceVersionId), 'price version');
  const at = floorToSecond(now);
  const freed = freedBy(price, reservation, payload.cards, at);
  const cards = reservation.cards - payload.cards;
  const smaller: Booked = { ...reservation, cards };
  let changes: Change[];
  let credited = 0;
  if (reservation.isBound) {
    const chosen = choose(mind, reservation, payload);
    if (!chosen.ok) return { answer: chosen, changes: [] };
    const { bound, lostCards } = chosen.value;
    credited = workingOf(reservation, bound).length;
    const lost = reservation.lost.filter(({ card }) => !lostCards.has(card));
    changes = [{ kind: 'reservationChanged', reservation: { ...smaller, lost } }, ...closing(reservation, bound, at)];
  } else {
    if (payload.cardIds.length > 0) return { answer: refuse({ code: 'cardUnknown' }), changes: [] };
    const shares = mind.planner.sharesWithout(reservation.id, payload.cards);
    changes = [
      { kind: 'reservationChanged', reservation: smaller },
      { kind: 'replanned', id: reservation.id, shares },
    ];
  }
  const credit = creditChange(mind, reservation, credited, cards, now);
  const amount = credit.reduce((sum, change) => (change.kind === 'hoursCredited' ? sum + change.amountUnits : sum), 0n);
  return {
    answer: accept({ reservationId: reservation.id }),
    changes: [
      ...changes,
      ...(freed.cardSeconds > 0n ? [{ kind: 'moneyReturned', reservation: smaller, ...freed, at: now } as const] : []),
      ...credit,
      eventOf(reservation, now, 'shrunk', {
        cards: payload.cards,
        left: cards,
        amountUnits: `${freed.amountUnits + amount}`,
      }),
    ],
  };
}
