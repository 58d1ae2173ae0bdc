import type { Gang } from '#lib/core/topology.ts';
import type { z } from 'zod';
import { atPrice, listPriceOf } from '#lib/catalog/agreed.ts';
import type { Quote, Sku } from '#lib/catalog/types.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { quoteDto, reservationDto, skuDto } from './schemas.ts';

/** A reservation as the API shows it; what the services answer has more. */
type Reservation = {
  readonly id: string;
  readonly name: string;
  readonly state: z.infer<typeof reservationDto>['state'];
  readonly projectId: string | null;
  readonly skuId: string;
  readonly purchase: 'by-hour' | 'by-card';
  readonly payBy?: 'account' | undefined;
  readonly cards: number;
  readonly missingCards: number;
  readonly topology: z.infer<typeof reservationDto>['topology'];
  readonly gang?: Gang | undefined;
  readonly interval: { readonly startAt: Instant; readonly endAt: Instant | null };
  readonly endedAt: Instant | null;
  readonly settledAt: Instant | null;
  readonly createdAt: Instant;
};

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** A SKU with its price in force; null when it is not on sale. */
export function toSkuDto(sku: Sku): z.infer<typeof skuDto> | null {
  if (!sku.price) return null;
  const { id, poolId, model, siteName, purchase, shape, price } = sku;
  return {
    id,
    poolId,
    model: model.name,
    site: { ...siteName },
    purchase,
    totalCards: shape.totalCards,
    cardsPerServer: shape.cardsPerServer,
    cardsPerSupernode: shape.cardsPerSupernode,
    priceE10PerCardHour: `${price.priceE10PerCardHour}`,
    listPriceE10PerCardHour: `${listPriceOf(price)}`,
    contractNumber: price.agreed?.contractNumber ?? null,
    returnShareBps: price.returnShareBps,
    bands: [...price.bands],
    terms: [...price.terms],
    queueTiers: sku.tiers.map(({ tier, factorBps, price: tierPrice }) => ({
      tier,
      factorBps,
      priceE10PerCardHour: `${tierPrice.priceE10PerCardHour}`,
    })),
  };
}

export function toQuoteDto(quote: Quote, vouchersUnits: Units): z.infer<typeof quoteDto> {
  const { price, totalUnits } = quote;
  const lines = quote.lines.map((line) => ({ ...line, amountUnits: `${line.amountUnits}` }));
  return {
    id: quote.id,
    skuId: quote.sku.id,
    cards: quote.cards,
    priceE10PerCardHour: `${price.priceE10PerCardHour}`,
    listPriceE10PerCardHour: `${listPriceOf(price)}`,
    contractNumber: price.agreed?.contractNumber ?? null,
    totalUnits: `${totalUnits}`,
    listTotalUnits: `${atPrice(totalUnits, price.priceE10PerCardHour, listPriceOf(price))}`,
    vouchersUnits: `${vouchersUnits}`,
    cashUnits: `${totalUnits - vouchersUnits}`,
    lines,
    expiresAt: toIso(quote.expiresAt),
  };
}

export function toReservationDto(reservation: Reservation): z.infer<typeof reservationDto> {
  const { id, name, state, projectId, skuId, purchase, payBy, cards, missingCards, topology, gang, interval } =
    reservation;
  const { endedAt, settledAt, createdAt } = reservation;
  return {
    id,
    name,
    state,
    projectId,
    skuId,
    purchase,
    payBy: payBy ?? 'wallet',
    cards,
    missingCards,
    topology,
    segmentCards: gang?.segmentCards ?? null,
    preferred: gang?.preferred ?? null,
    startAt: toIso(interval.startAt),
    endAt: isoOrNull(interval.endAt),
    endedAt: isoOrNull(endedAt),
    settledAt: isoOrNull(settledAt),
    createdAt: toIso(createdAt),
  };
}
