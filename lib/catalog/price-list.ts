import 'server-only';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, plusSeconds, toDate } from '#lib/core/instant.ts';
import { priceE10, WHOLE_BPS } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { skuFor } from './agreed.ts';
import {
  type AgreedPrice,
  type AgreedTerms,
  type Image,
  PURCHASES,
  type PriceVersion,
  QUEUE_TIERS,
  QUOTE_VALID_SECONDS,
  type Sku,
  TERMS,
  type TierPrice,
} from './types.ts';

const VERSION = {
  id: true,
  skuId: true,
  validFrom: true,
  priceE10PerCardHour: true,
  returnShareBps: true,
  bands: { select: { fromHour: true, toHour: true, factorBps: true }, orderBy: { fromHour: 'asc' } },
  terms: { select: { term: true, termSeconds: true, factorBps: true }, orderBy: { termSeconds: 'asc' } },
  agreement: { select: { id: true, contractNumber: true, factorBps: true, priceE10PerCardHour: true } },
  list: {
    select: {
      id: true,
      priceE10PerCardHour: true,
      tierFactorBps: true,
      base: { select: { priceE10PerCardHour: true } },
    },
  },
} as const;

type VersionRow = {
  id: string;
  skuId: string;
  validFrom: Date;
  priceE10PerCardHour: bigint;
  returnShareBps: number;
  bands: { fromHour: number; toHour: number; factorBps: number }[];
  terms: { term: string; termSeconds: number; factorBps: number }[];
  agreement: {
    id: string;
    contractNumber: string;
    factorBps: number | null;
    priceE10PerCardHour: bigint | null;
  } | null;
  list: {
    id: string;
    priceE10PerCardHour: bigint;
    tierFactorBps: number | null;
    base: { priceE10PerCardHour: bigint } | null;
  } | null;
};

/** One of a closed set, from a column that holds nothing else. */
export function oneOf<const T extends string>(values: readonly T[], text: string): T {
  return present(
    values.find((value) => value === text),
    `${text} among ${values.join(', ')}`,
  );
}

function agreedOf({ agreement, list }: VersionRow): AgreedTerms | null {
  if (!agreement || !list) return null;
  const fixed = agreement.priceE10PerCardHour;
  return {
    agreementId: idFrom('priceAgreement', agreement.id),
    contractNumber: agreement.contractNumber,
    factorBps: agreement.factorBps,
    fixedPriceE10: fixed === null ? null : priceE10(fixed),
    listVersionId: idFrom('priceVersion', list.id),
    listPriceE10PerCardHour: priceE10(list.priceE10PerCardHour),
    standardPriceE10: priceE10(list.base?.priceE10PerCardHour ?? list.priceE10PerCardHour),
    tierFactorBps: list.tierFactorBps ?? Number(WHOLE_BPS),
  };
}

function fromVersionRow(row: VersionRow): PriceVersion {
  const agreed = agreedOf(row);
  return {
    id: idFrom('priceVersion', row.id),
    skuId: idFrom('sku', row.skuId),
    validFrom: fromDate(row.validFrom),
    priceE10PerCardHour: priceE10(row.priceE10PerCardHour),
    returnShareBps: row.returnShareBps,
    bands: row.bands,
    terms: row.terms.map((term) => ({ ...term, term: oneOf(TERMS, term.term) })),
    ...(agreed && { agreed }),
  };
}

type TieredRow = VersionRow & { tiers: (VersionRow & { tier: string; tierFactorBps: number | null })[] };

/** The tiers that are sold beside a standard price: those made from this very version. */
function tiersOf(version: TieredRow | undefined): TierPrice[] {
  return (version?.tiers ?? []).map((row) => ({
    tier: oneOf(['urgent', 'flex'], row.tier),
    factorBps: present(row.tierFactorBps, `factor of ${row.id}`),
    price: fromVersionRow(row),
  }));
}

type Shape = { pool_id: string; cards: number; per_server: number; per_supernode: number };

/** How large the servers and supernodes of each pool are. */
async function readShapes(tx: Tx): Promise<Map<string, Shape>> {
  const rows = await tx.$queryRaw<Shape[]>`
    WITH supernodes AS (
      SELECT s.pool_id, sum(s.card_count)::int AS cards, max(s.card_count) AS per_server
      FROM server_host s JOIN place p ON p.id = s.place_id GROUP BY s.pool_id, p.parent_id
    )
    SELECT pool_id, sum(cards)::int AS cards, max(per_server)::int AS per_server, max(cards)::int AS per_supernode
    FROM supernodes GROUP BY pool_id`;
  return new Map(rows.map((row) => [row.pool_id, row]));
}

/** What was agreed about versions in force, as long as a quote of `since` may have it, by SKU and organisation: all that one may see. */
async function readAgreed(
  tx: Tx,
  since: Instant,
  listIds: readonly string[],
): Promise<Map<string, Map<string, AgreedPrice[]>>> {
  const rows = await tx.priceVersion.findMany({
    where: {
      listId: { in: [...listIds] },
      agreement: { OR: [{ validTo: null }, { validTo: { gt: toDate(plusSeconds(since, -QUOTE_VALID_SECONDS)) } }] },
    },
    select: {
      ...VERSION,
      tier: true,
      organisationId: true,
      agreement: { select: { ...VERSION.agreement.select, skuId: true, validFrom: true, validTo: true } },
    },
    orderBy: { id: 'asc' },
  });
  const bySku = new Map<string, Map<string, AgreedPrice[]>>();
  for (const row of rows) {
    const { agreement } = row;
    if (!agreement?.validFrom || row.organisationId === null) continue;
    const agreed = present(agreedOf(row), `terms of ${row.id}`);
    const own = bySku.get(row.skuId) ?? new Map<string, AgreedPrice[]>();
    bySku.set(row.skuId, own);
    const price: AgreedPrice = {
      tier: oneOf(QUEUE_TIERS, row.tier),
      isOfSku: agreement.skuId !== null,
      validFrom: fromDate(agreement.validFrom),
      validTo: agreement.validTo === null ? null : fromDate(agreement.validTo),
      price: { ...fromVersionRow(row), agreed },
    };
    own.set(row.organisationId, [...(own.get(row.organisationId) ?? []), price]);
  }
  return bySku;
}

/** Everything on sale as one organisation buys it: its own prices where some were agreed, the list's where none were. */
export async function readSkusFor(tx: Tx, now: Instant, organisationId: string): Promise<Sku[]> {
  return (await readSkus(tx, now)).map((sku) => skuFor(sku, organisationId, now));
}

/**
 * Everything on sale, each with the price version of the list that is in force at `now`, and what was agreed about it: all that
 * held at `agreedSince` or later.
 */
export async function readSkus(tx: Tx, now: Instant, agreedSince = now): Promise<Sku[]> {
  const shapes = await readShapes(tx);
  const rows = await tx.sku.findMany({
    where: { OR: [{ retiredAt: null }, { retiredAt: { gt: toDate(now) } }] },
    select: {
      id: true,
      poolId: true,
      siteId: true,
      purchase: true,
      taxRateBps: true,
      cardModel: {
        select: {
          id: true,
          vendor: true,
          name: true,
          arch: true,
          memoryMib: true,
          icnGbPerSec: true,
          powerWatts: true,
        },
      },
      pool: { select: { site: { select: { name: true } } } },
      priceVersions: {
        select: {
          ...VERSION,
          tiers: {
            select: { ...VERSION, tier: true, tierFactorBps: true },
            where: { agreementId: null },
            orderBy: { tier: 'desc' },
          },
        },
        where: { validFrom: { lte: toDate(now) }, tier: 'standard', agreementId: null },
        orderBy: { validFrom: 'desc' },
        take: 1,
      },
    },
    orderBy: { id: 'asc' },
  });
  const listIds = rows.flatMap(({ priceVersions }) =>
    priceVersions.flatMap(({ id, tiers }) => [id, ...tiers.map((tier) => tier.id)]),
  );
  const agreed = await readAgreed(tx, agreedSince, listIds);
  return rows.flatMap((row) => {
    const shape = shapes.get(row.poolId);
    if (!shape) return [];
    const [version] = row.priceVersions;
    const own = agreed.get(row.id);
    return {
      id: idFrom('sku', row.id),
      poolId: idFrom('pool', row.poolId),
      siteId: idFrom('site', row.siteId),
      siteName: row.pool.site.name as { zh: string; en: string },
      purchase: oneOf(PURCHASES, row.purchase),
      taxRateBps: row.taxRateBps,
      model: row.cardModel,
      shape: {
        poolId: idFrom('pool', row.poolId),
        totalCards: shape.cards,
        cardsPerServer: shape.per_server,
        cardsPerSupernode: shape.per_supernode,
      },
      price: version ? fromVersionRow(version) : null,
      tiers: tiersOf(version),
      ...(own && { agreed: own }),
    };
  });
}

/** Every price version there ever was: reservations keep the one they were made under. */
export async function readPriceVersions(tx: Tx, ids?: readonly string[]): Promise<PriceVersion[]> {
  const rows = await tx.priceVersion.findMany({ select: VERSION, ...(ids ? { where: { id: { in: [...ids] } } } : {}) });
  return rows.map(fromVersionRow);
}

/** Every price version that was agreed with somebody, as far as one may see it. */
export async function readAgreedVersions(tx: Tx): Promise<PriceVersion[]> {
  const rows = await tx.priceVersion.findMany({ select: VERSION, where: { agreementId: { not: null } } });
  return rows.map(fromVersionRow);
}

export async function readImages(tx: Tx): Promise<Image[]> {
  const rows = await tx.image.findMany({
    where: { retiredAt: null },
    select: { id: true, name: true, version: true, sdk: true, archs: true },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => ({ ...row, id: idFrom('image', row.id) }));
}
