import 'server-only';
import { invariant } from '#lib/core/assert.ts';
import { type Ctx, actorLabel } from '#lib/core/context.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { gangOf } from '#lib/core/topology.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { readClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { findTerm } from './price.ts';
import { readImages, readPriceVersions, readSkus, readSkusFor } from './price-list.ts';
import { linesOfWish, totalOfLines } from './quote.ts';
import { findQuote, findQuoteAlone, insertQuote, type KeptQuote } from './store.ts';
import {
  type Image,
  type PriceVersion,
  QUOTE_VALID_SECONDS,
  type Quote,
  type QuoteLine,
  type Sku,
  type Wish,
  type WishRefusal,
} from './types.ts';
import { checkWish } from './wish.ts';

/** Everything on sale, with the prices in force: for a customer its own, for everybody else the list. */
export async function listSkus(ctx: Ctx): Promise<Sku[]> {
  authorize(ctx, 'catalog:read');
  const { scope, now } = ctx;
  return withTx(ctx, (tx) =>
    scope.kind === 'organisation' ? readSkusFor(tx, now, scope.organisationId) : readSkus(tx, now),
  );
}

/** The images that workloads may run. */
export async function listImages(ctx: Ctx): Promise<Image[]> {
  authorize(ctx, 'catalog:read');
  return withTx(ctx, readImages);
}

/** What a wish costs, before anybody keeps it. */
export type PricedWish = Omit<Quote, 'id' | 'organisationId' | 'createdAt' | 'expiresAt'>;

async function priceWish(
  tx: Tx,
  organisationId: string,
  wish: Wish,
  now: Ctx['now'],
): Promise<Result<PricedWish, WishRefusal>> {
  const skus = await readSkusFor(tx, now, organisationId);
  const sku = skus.find(({ id }) => id === wish.skuId) ?? null;
  const checked = checkWish(wish, sku, await readImages(tx), now);
  if (!checked.ok) return refuse(checked.refusal);
  const { price, term, startAt, durationSeconds, image } = checked.value;
  const { lines } = linesOfWish(checked.value, now);
  return accept({
    sku: checked.value.sku,
    price,
    imageId: image?.id ?? null,
    cards: wish.cards,
    topology: wish.topology,
    gang: gangOf(wish.gang?.segmentCards ?? null, wish.gang?.preferred ?? null),
    startAt,
    durationSeconds: term ? null : durationSeconds,
    term: term?.term ?? null,
    lines,
    totalUnits: totalOfLines(lines, wish.cards),
  });
}

/** Prices a wish as {@link createQuote} would, and keeps nothing: for a form that shows its price while it changes. */
export async function previewQuote(ctx: Ctx, wish: Wish): Promise<Result<PricedWish, WishRefusal>> {
  const organisationId = authorizeTenant(ctx, 'quote:create');
  return withTx(ctx, (tx) => priceWish(tx, organisationId, wish, ctx.now));
}

/** Prices a wish. The quote is kept and valid for ten minutes; it changes nothing and promises no capacity. */
export async function createQuote(ctx: Ctx, wish: Wish): Promise<Result<Quote, WishRefusal>> {
  const organisationId = authorizeTenant(ctx, 'quote:create');
  return withTx(ctx, async (tx) => {
    const priced = await priceWish(tx, organisationId, wish, ctx.now);
    if (!priced.ok) return priced;
    const quote: Quote = {
      ...priced.value,
      id: newId('quote', ctx.now),
      organisationId,
      createdAt: ctx.now,
      expiresAt: plusSeconds(floorToSecond(ctx.now), QUOTE_VALID_SECONDS),
    };
    await insertQuote(tx, quote, actorLabel(ctx.actor));
    return accept(quote);
  });
}

/** A kept quote of the actor's organisation; null when there is none of that id. */
export async function getKeptQuote(ctx: Ctx, quoteId: string): Promise<KeptQuote | null> {
  const organisationId = authorizeTenant(ctx, 'quote:create');
  return findQuoteAlone(ctx, organisationId, quoteId);
}

/** A kept quote with everything behind its total. */
export type QuoteView = KeptQuote & {
  readonly sku: Sku;
  readonly price: PriceVersion;
  readonly image: Image | null;
  readonly lines: readonly QuoteLine[];
  /** When it was asked for. */
  readonly askedAt: Instant;
  /** Business seconds per real second, for counting down to its end; 0 while a demo clock stands. */
  readonly clockRatePerSecond: number;
};

/**
 * A quote of the actor's organisation with its formula, rebuilt from the price version it keeps; null when there is
 * none of that id, or what it prices is no longer on sale.
 */
export async function findQuoteView(ctx: Ctx, quoteId: string): Promise<QuoteView | null> {
  const organisationId = authorizeTenant(ctx, 'quote:create');
  return withTx(ctx, async (tx) => {
    const quote = await findQuote(tx, organisationId, quoteId);
    if (!quote) return null;
    const sku = (await readSkusFor(tx, ctx.now, organisationId)).find(({ id }) => id === quote.skuId);
    const [price] = await readPriceVersions(tx, [quote.priceVersionId]);
    if (!sku || !price) return null;
    const image = (await readImages(tx)).find(({ id }) => id === quote.imageId) ?? null;
    const askedAt = plusSeconds(quote.expiresAt, -QUOTE_VALID_SECONDS);
    const term = quote.term === null ? null : findTerm(price, quote.term);
    const { lines } = linesOfWish({ ...quote, price, term }, askedAt);
    invariant(totalOfLines(lines, quote.cards) === quote.totalUnits, `quote ${quote.id} sums to its lines`);
    const clock = await readClock(tx);
    return {
      ...quote,
      sku,
      price,
      image,
      lines,
      askedAt,
      clockRatePerSecond: clock.mode === 'demo' ? clock.ratePerSecond : 1,
    };
  });
}
