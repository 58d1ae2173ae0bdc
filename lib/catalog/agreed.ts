import type { Instant } from '#lib/core/instant.ts';
import { divFloor, type PriceE10, priceE10, type Units, units, WHOLE_BPS } from '#lib/core/money.ts';
import { tierPriceOf } from './tiers.ts';
import type { AgreedPrice, AgreedTerms, PriceVersion, QueueTier, Sku } from './types.ts';

/**
 * The price of a tier for one organisation at this instant: what was agreed for the SKU, else what was agreed for all,
 * else the list. Agreements never add up. Null when the SKU is not sold in that tier now.
 */
export function priceFor(
  sku: Pick<Sku, 'price' | 'tiers' | 'agreed'>,
  organisationId: string,
  tier: QueueTier,
  at: Instant,
): PriceVersion | null {
  const list = tierPriceOf(sku, tier);
  if (list === null) return null;
  const holds = ({ price, validFrom, validTo }: AgreedPrice): boolean =>
    price.agreed.listVersionId === list.id && validFrom <= at && (validTo === null || at < validTo);
  const agreed = (sku.agreed?.get(organisationId) ?? []).filter(holds);
  return (agreed.find(({ isOfSku }) => isOfSku) ?? agreed[0])?.price ?? list;
}

/** A SKU as one organisation buys it at this instant: its prices are the organisation's, and nobody else's are in it. */
export function skuFor({ agreed, ...sku }: Sku, organisationId: string, at: Instant): Sku {
  const priced = agreed ? { ...sku, agreed } : sku;
  return {
    ...sku,
    price: priceFor(priced, organisationId, 'standard', at),
    tiers: sku.tiers.map((sold) => ({
      ...sold,
      price: priceFor(priced, organisationId, sold.tier, at) ?? sold.price,
    })),
  };
}

/** What a card-hour costs everybody else: the price of the list. */
export function listPriceOf({
  priceE10PerCardHour,
  agreed,
}: Pick<PriceVersion, 'priceE10PerCardHour' | 'agreed'>): PriceE10 {
  return agreed?.listPriceE10PerCardHour ?? priceE10PerCardHour;
}

/**
 * What an amount at one price comes to at another, to the nearest 1e-8 yuan: what the list would have asked, beside what
 * is asked. It is shown, never charged. Both prices are of a card-hour.
 */
export function atPrice(amount: Units, price: PriceE10, other: PriceE10): Units {
  return price === other ? amount : units((amount * other * 2n + price) / (price * 2n));
}

/** An agreed price as it follows from the list, rounded down once, to 1e-10 yuan: the database makes the same. */
export function agreedPriceE10({
  standardPriceE10: list,
  tierFactorBps,
  factorBps,
  fixedPriceE10: fixed,
}: Pick<AgreedTerms, 'standardPriceE10' | 'tierFactorBps' | 'factorBps' | 'fixedPriceE10'>): PriceE10 {
  const base = fixed !== null && fixed < list ? fixed : list;
  const share = factorBps === null ? WHOLE_BPS : BigInt(factorBps);
  return priceE10(divFloor(base * BigInt(tierFactorBps) * share, WHOLE_BPS * WHOLE_BPS));
}
