import 'server-only';
import { termPrice } from '#lib/catalog/price.ts';
import { readAgreedVersions } from '#lib/catalog/price-list.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { type PriceE10, type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { UsageRecord } from './types.ts';

/** The version of the list that an agreed price stands for; its terms are those of the agreed one. */
export type ListPrice = {
  readonly versionId: string;
  readonly priceE10PerCardHour: PriceE10;
  readonly terms: PriceVersion['terms'];
};

/** The list behind every agreed price, by the version that was agreed; what is sold by the list is not in it. */
export async function readListPrices(tx: Tx): Promise<Map<string, ListPrice>> {
  const versions = await readAgreedVersions(tx);
  return new Map(
    versions.flatMap(({ id, agreed, terms }) =>
      agreed
        ? [[id, { versionId: agreed.listVersionId, priceE10PerCardHour: agreed.listPriceE10PerCardHour, terms }]]
        : [],
    ),
  );
}

/** What one card's whole term would have cost by the list, however often it was extended; null without such a term. */
function termUnitsOf({ terms, ...price }: ListPrice, term: UsageRecord['term']): Units | null {
  const offered = terms.find((each) => each.term === term?.name);
  if (term === null || !offered) return null;
  return units((termPrice(price, offered) * BigInt(term.seconds)) / BigInt(offered.termSeconds));
}

/** The list behind a charge, for its record; nothing where the list is what was charged. */
export function listOf(list: ListPrice | undefined, term: UsageRecord['term']): Pick<UsageRecord, 'list'> {
  if (!list) return {};
  const { versionId, priceE10PerCardHour } = list;
  return { list: { versionId, priceE10PerCardHour, termUnits: termUnitsOf(list, term) } };
}
