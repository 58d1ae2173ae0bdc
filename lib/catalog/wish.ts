import { DAY_MS, type Instant, instant, isOnHour, SECOND_MS } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { canBeCut, cardsMaxOf, cardsStepOf, LAYOUTS, type LevelSizes } from '#lib/core/topology.ts';
import { findTerm } from './price.ts';
import {
  CARDS_MAX,
  HORIZON_DAYS,
  type Image,
  type PoolShape,
  type PriceTerm,
  type PriceVersion,
  type Sku,
  type Wish,
  type WishRefusal,
} from './types.ts';

/** A wish that has passed every check but capacity and funds. */
export type CheckedWish = {
  readonly sku: Sku;
  readonly price: PriceVersion;
  readonly term: PriceTerm | null;
  readonly startAt: Instant | null;
  /** Null: open end. */
  readonly durationSeconds: number | null;
  readonly image: Image | null;
};

function checkQuantity(wish: Wish, shape: PoolShape): WishRefusal | null {
  const cardsMax = Math.min(CARDS_MAX, shape.totalCards);
  if (!Number.isInteger(wish.cards) || wish.cards < 1 || wish.cards > cardsMax)
    return { code: 'cardsOutOfRange', cardsMax };
  return null;
}

/** Why a number of cards that is no multiple of what a topology takes whole is refused. */
export function notWhole(
  topology: Wish['topology'],
  { cardsPerServer, cardsPerSupernode }: LevelSizes,
): Extract<WishRefusal, { code: 'notWholeServers' | 'notWholeSupernodes' }> {
  return LAYOUTS[topology].whole === 'supernode'
    ? { code: 'notWholeSupernodes', cardsPerSupernode }
    : { code: 'notWholeServers', cardsPerServer };
}

/** Why so many cards cannot lie as a topology says in a pool of these sizes; null when they can. */
export function checkTopology(
  { cards, topology }: Pick<Wish, 'cards' | 'topology'>,
  sizes: LevelSizes,
): Extract<WishRefusal, { code: 'topologyTooSmall' | 'notWholeServers' | 'notWholeSupernodes' }> | null {
  const cardsMax = cardsMaxOf(topology, sizes);
  if (cardsMax !== null && cards > cardsMax) return { code: 'topologyTooSmall', cardsMax };
  return cards % cardsStepOf(topology, sizes) === 0 ? null : notWhole(topology, sizes);
}

function checkArrangement(wish: Wish, shape: PoolShape): WishRefusal | null {
  const segmentCards = wish.gang?.segmentCards ?? null;
  if (segmentCards !== null) {
    const cardsMaxOfSegment = cardsMaxOf(wish.topology, shape) ?? shape.cardsPerSupernode;
    const isPossible = canBeCut(wish.topology, wish.cards, segmentCards, shape);
    return isPossible ? null : { code: 'segmentsImpossible', cardsMax: cardsMaxOfSegment };
  }
  return checkTopology(wish, shape);
}

function checkStart(startAt: number | null, now: Instant): WishRefusal | null {
  if (startAt === null) return null;
  if (!Number.isSafeInteger(startAt) || startAt <= now) return { code: 'startInPast' };
  if (startAt > now + HORIZON_DAYS * DAY_MS) return { code: 'startBeyondHorizon', horizonDays: HORIZON_DAYS };
  return isOnHour(instant(startAt)) ? null : { code: 'startNotOnHour' };
}

function isDuration(seconds: number): boolean {
  return Number.isSafeInteger(seconds) && seconds >= 1;
}

/** The length that is bought: the term's, or the wish's own; null for an open end. */
function lengthOf(
  wish: Wish,
  sku: Sku,
  price: PriceVersion,
): Result<{ term: PriceTerm | null; seconds: number | null }, WishRefusal> {
  if (sku.purchase === 'by-card') {
    const term = wish.term === null ? null : findTerm(price, wish.term);
    return term ? accept({ term, seconds: term.termSeconds }) : refuse({ code: 'termUnknown' });
  }
  if (wish.durationSeconds === null) return accept({ term: null, seconds: null });
  if (!isDuration(wish.durationSeconds)) return refuse({ code: 'durationOutOfRange' });
  return accept({ term: null, seconds: wish.durationSeconds });
}

function checkImage(wish: Wish, sku: Sku, images: readonly Image[]): Result<Image | null, WishRefusal> {
  if (wish.imageId === null) return accept(null);
  const image = images.find(({ id }) => id === wish.imageId);
  if (!image) return refuse({ code: 'imageUnknown' });
  return image.archs.includes(sku.model.arch) ? accept(image) : refuse({ code: 'imageIncompatible' });
}

/** Checks a wish against the catalog, in the order of {@link WishRefusal}. `sku` null: there is none of that id. */
export function checkWish(
  wish: Wish,
  sku: Sku | null,
  images: readonly Image[],
  now: Instant,
): Result<CheckedWish, WishRefusal> {
  if (!sku?.price) return refuse({ code: 'skuUnknown' });
  const early = checkQuantity(wish, sku.shape) ?? checkStart(wish.startAt, now);
  if (early) return refuse(early);
  const length = lengthOf(wish, sku, sku.price);
  if (!length.ok) return length;
  const startAt = wish.startAt === null ? null : instant(wish.startAt);
  const endsAfter = now + HORIZON_DAYS * DAY_MS;
  if (length.value.seconds !== null && (startAt ?? now) + length.value.seconds * SECOND_MS > endsAfter) {
    return refuse({ code: 'endBeyondHorizon', horizonDays: HORIZON_DAYS });
  }
  const arrangement = checkArrangement(wish, sku.shape);
  if (arrangement) return refuse(arrangement);
  const image = checkImage(wish, sku, images);
  if (!image.ok) return image;
  const { term, seconds } = length.value;
  return accept({ sku, price: sku.price, term, startAt, durationSeconds: seconds, image: image.value });
}
