import 'server-only';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Tx } from '#lib/platform/db.ts';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import type { Item, PublishedPrice } from './types.ts';

/** The price version that charges name, as it was published. */
export async function readPublishedPrice(tx: Tx, id: string): Promise<PublishedPrice> {
  const [found] = await readPriceVersions(tx, [id]);
  const { id: versionId, validFrom, priceE10PerCardHour, bands, agreed } = present(found, `price version ${id}`);
  return { id: versionId, validFrom, priceE10PerCardHour, bands, ...(agreed && { agreed }) };
}

/** What is sold under a SKU. */
export async function readItem(tx: Tx, skuId: string): Promise<Item> {
  const [row] = await tx.$queryRaw<{ model: string; site: { zh: string; en: string }; purchase: string }[]>`
    SELECT m.name AS model, p.name AS site, s.purchase FROM sku s
    JOIN card_model m ON m.id = s.card_model_id JOIN place p ON p.id = s.site_id WHERE s.id = ${skuId}`;
  const { model, site, purchase } = present(row, `SKU ${skuId}`);
  return { model, siteName: site, purchase: oneOf(PURCHASES, purchase) };
}
