import type { PriceBand, PriceTerm, Sku, Term } from '#lib/catalog/types.ts';
import { chargeToDate, divFloor, type PriceE10, priceE10, type Units, WHOLE_BPS } from '#lib/core/money.ts';

/** A term's price: of one card-hour within it, and of one card for all of it. */
export type TermPrice = { readonly e10: PriceE10; readonly totalUnits: Units };

/** The prices of one model at one site, whichever way it is bought. */
export type PriceRow = {
  readonly poolId: string;
  readonly sku: Sku;
  readonly hour: PriceE10 | null;
  readonly bands: readonly (PriceBand & { readonly e10: PriceE10 })[];
  readonly terms: ReadonlyMap<Term, TermPrice>;
};

/** The price of a card-hour at a factor, for showing: below 1e-10 yuan it is cut, and charges are not made from it. */
function atFactor(price: PriceE10, factorBps: number): PriceE10 {
  return priceE10(divFloor(price * BigInt(factorBps), WHOLE_BPS));
}

function termPriceOf(price: PriceE10, { termSeconds, factorBps }: PriceTerm): TermPrice {
  return {
    e10: atFactor(price, factorBps),
    totalUnits: chargeToDate(price, BigInt(termSeconds) * BigInt(factorBps)),
  };
}

/** What is on sale as rows of a price table, the largest site first. */
export function priceRows(skus: readonly Sku[]): PriceRow[] {
  const pools = [...new Set(skus.map(({ poolId }) => poolId as string))];
  const rows = pools.flatMap((poolId): PriceRow[] => {
    const own = skus.filter((sku) => sku.poolId === poolId && sku.price !== null);
    const [sku] = own;
    if (!sku) return [];
    const hourly = own.find(({ purchase }) => purchase === 'by-hour')?.price ?? null;
    const byCard = own.find(({ purchase }) => purchase === 'by-card')?.price ?? null;
    return [
      {
        poolId,
        sku,
        hour: hourly?.priceE10PerCardHour ?? null,
        bands: (hourly?.bands ?? []).map((band) => ({
          ...band,
          e10: atFactor(hourly?.priceE10PerCardHour ?? priceE10(0n), band.factorBps),
        })),
        terms: new Map(
          (byCard?.terms ?? []).map((term) => [
            term.term,
            termPriceOf(byCard?.priceE10PerCardHour ?? priceE10(0n), term),
          ]),
        ),
      },
    ];
  });
  return rows.sort((a, b) => b.sku.shape.totalCards - a.sku.shape.totalCards);
}
