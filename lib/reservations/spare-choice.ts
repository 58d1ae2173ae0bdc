import { invariant } from '#lib/core/assert.ts';

/** The largest share of a pool that can be kept from sale, in basis points; the database holds it too. */
export const SPARE_BPS_MAX = 5_000;

/** A card as the choice of spares sees it. */
export type SpareCandidate = {
  readonly podId: string;
  readonly isOnSale: boolean;
  readonly isSpare: boolean;
  /** It works and nobody has or is bound to get it: it could stand in for another at once. */
  readonly isFree: boolean;
};

/** Which cards, by their place in the list, change sides for a share; `short` is how many more free ones it would need. */
export type SpareChoice = {
  readonly toSpare: readonly number[];
  readonly toSale: readonly number[];
  readonly short: number;
};

type Numbered = SpareCandidate & { readonly card: number };

function choiceInPod(own: readonly Numbered[], shareBps: number): SpareChoice {
  const target = Math.floor((own.length * shareBps) / 10_000);
  const spares = own.filter(({ isSpare }) => isSpare);
  if (spares.length >= target) {
    // Those that stand in already stay with their holders either way; of the others the pod's last ones are kept.
    const surplus = [...spares].sort((a, b) => Number(a.isFree) - Number(b.isFree) || a.card - b.card);
    return { toSpare: [], toSale: surplus.slice(0, spares.length - target).map(({ card }) => card), short: 0 };
  }
  const free = own.filter(({ isOnSale, isFree }) => isOnSale && isFree);
  const wanted = target - spares.length;
  const toSpare = free.slice(Math.max(0, free.length - wanted)).map(({ card }) => card);
  return { toSpare, toSale: [], short: wanted - toSpare.length };
}

/**
 * The spares of a share: of each pod its part, rounded down, from its last card backwards, so that a pod that is sold out
 * still has replacements near. Nobody's card is taken: only free ones become spares. Cards that are withheld from the
 * market for other reasons do not count.
 */
export function chooseSpares(cards: readonly SpareCandidate[], shareBps: number): SpareChoice {
  invariant(Number.isInteger(shareBps) && shareBps >= 0 && shareBps <= SPARE_BPS_MAX, `${shareBps} is no share`);
  const counted = cards.flatMap((each, card) => (each.isOnSale || each.isSpare ? [{ ...each, card }] : []));
  const pods = [...Map.groupBy(counted, ({ podId }) => podId).values()].map((own) => choiceInPod(own, shareBps));
  return {
    toSpare: pods.flatMap(({ toSpare }) => toSpare),
    toSale: pods.flatMap(({ toSale }) => toSale),
    short: pods.reduce((sum, { short }) => sum + short, 0),
  };
}
