import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { gangOf, PREFERRED_LEVELS, TOPOLOGIES } from '#lib/core/topology.ts';
import { callGathered, type Tx, type TxContext } from '#lib/platform/db.ts';
import { oneOf } from './price-list.ts';
import { type Quote, TERMS } from './types.ts';

/** Keeps a quote as it was answered. */
export async function insertQuote(tx: Tx, quote: Quote, createdBy: string): Promise<void> {
  await tx.quote.create({
    data: {
      id: quote.id,
      organisationId: quote.organisationId,
      skuId: quote.sku.id,
      poolId: quote.sku.poolId,
      priceVersionId: quote.price.id,
      imageId: quote.imageId,
      purchase: quote.sku.purchase,
      cards: quote.cards,
      topology: quote.topology,
      segmentCards: quote.gang?.segmentCards ?? null,
      preferredLevel: quote.gang?.preferred ?? null,
      startAt: quote.startAt === null ? null : toDate(quote.startAt),
      durationSeconds: quote.durationSeconds,
      term: quote.term,
      totalUnits: quote.totalUnits,
      createdBy,
      createdAt: toDate(quote.createdAt),
      expiresAt: toDate(quote.expiresAt),
    },
  });
}

/** What a quote's row keeps: enough to make it a command. */
export type KeptQuote = Pick<
  Quote,
  'id' | 'cards' | 'topology' | 'gang' | 'startAt' | 'durationSeconds' | 'term' | 'totalUnits' | 'expiresAt'
> & {
  readonly skuId: Id<'sku'>;
  readonly poolId: Id<'pool'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly imageId: Id<'image'> | null;
};

const KEPT_COLUMNS = {
  id: true,
  skuId: true,
  poolId: true,
  priceVersionId: true,
  imageId: true,
  cards: true,
  topology: true,
  segmentCards: true,
  preferredLevel: true,
  startAt: true,
  durationSeconds: true,
  term: true,
  totalUnits: true,
  expiresAt: true,
} as const;

type KeptRow = {
  id: string;
  skuId: string;
  poolId: string;
  priceVersionId: string;
  imageId: string | null;
  cards: number;
  topology: string;
  segmentCards: number | null;
  preferredLevel: string | null;
  startAt: Date | null;
  durationSeconds: number | null;
  term: string | null;
  totalUnits: bigint;
  expiresAt: Date;
};

function fromKeptRow(row: KeptRow): KeptQuote {
  return {
    id: idFrom('quote', row.id),
    skuId: idFrom('sku', row.skuId),
    poolId: idFrom('pool', row.poolId),
    priceVersionId: idFrom('priceVersion', row.priceVersionId),
    imageId: row.imageId === null ? null : idFrom('image', row.imageId),
    cards: row.cards,
    topology: oneOf(TOPOLOGIES, row.topology),
    gang: gangOf(row.segmentCards, row.preferredLevel === null ? null : oneOf(PREFERRED_LEVELS, row.preferredLevel)),
    startAt: row.startAt === null ? null : fromDate(row.startAt),
    durationSeconds: row.durationSeconds,
    term: row.term === null ? null : oneOf(TERMS, row.term),
    totalUnits: units(row.totalUnits),
    expiresAt: fromDate(row.expiresAt),
  };
}

/** A quote of one organisation; null when it has none of that id. */
export async function findQuote(
  tx: Tx,
  organisationId: Id<'organisation'>,
  quoteId: string,
): Promise<KeptQuote | null> {
  const row = await tx.quote.findFirst({ where: { id: quoteId, organisationId }, select: KEPT_COLUMNS });
  return row ? fromKeptRow(row) : null;
}

/** The same in one statement of its own, for those who need nothing else in their transaction: every booking does. */
export async function findQuoteAlone(
  ctx: TxContext,
  organisationId: Id<'organisation'>,
  quoteId: string,
): Promise<KeptQuote | null> {
  const [row] = await callGathered<KeptRow>(ctx, 'quote_kept', [quoteId, organisationId]);
  return row ? fromKeptRow(row) : null;
}
