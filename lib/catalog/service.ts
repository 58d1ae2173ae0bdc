import 'server-only';
import { type Ctx, actorLabel } from '#lib/core/context.ts';
import { floorToSecond, plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { dearestStart, quoteLines, termPrice } from './price.ts';
import { readImages, readSkus } from './price-list.ts';
import { findQuote, insertQuote, type KeptQuote } from './store.ts';
import {
  type Image,
  QUOTE_VALID_SECONDS,
  type Quote,
  type QuoteLine,
  type Sku,
  type Wish,
  type WishRefusal,
} from './types.ts';
import { type CheckedWish, checkWish } from './wish.ts';

/** Everything on sale, with the prices in force. */
export async function listSkus(ctx: Ctx): Promise<Sku[]> {
  authorize(ctx, 'catalog:read');
  return withTx(ctx, (tx) => readSkus(tx, ctx.now));
}

/** The images that workloads may run. */
export async function listImages(ctx: Ctx): Promise<Image[]> {
  authorize(ctx, 'catalog:read');
  return withTx(ctx, readImages);
}

/** An open end is held one hour at a time: that first hour is what the quote sets aside. */
const OPEN_END_SECONDS = 3_600;

/** What one card costs, line by line. A start "now" is priced at its dearest moment within the quote's validity. */
function linesOf(wish: CheckedWish, now: Ctx['now']): QuoteLine[] {
  const { price, term } = wish;
  if (term) return [{ seconds: term.termSeconds, factorBps: term.factorBps, amountUnits: termPrice(price, term) }];
  const seconds = wish.durationSeconds ?? OPEN_END_SECONDS;
  const startAt = wish.startAt ?? dearestStart(price, floorToSecond(now), QUOTE_VALID_SECONDS, seconds);
  return quoteLines(price, { startAt, endAt: plusSeconds(startAt, seconds) });
}

/** Prices a wish. The quote is kept and valid for ten minutes; it changes nothing and promises no capacity. */
export async function createQuote(ctx: Ctx, wish: Wish): Promise<Result<Quote, WishRefusal>> {
  const organisationId = authorizeTenant(ctx, 'quote:create');
  return withTx(ctx, async (tx) => {
    const skus = await readSkus(tx, ctx.now);
    const sku = skus.find(({ id }) => id === wish.skuId) ?? null;
    const checked = checkWish(wish, sku, await readImages(tx), ctx.now);
    if (!checked.ok) return refuse(checked.refusal);
    const lines = linesOf(checked.value, ctx.now);
    const perCard = lines.reduce((sum, line) => sum + line.amountUnits, 0n);
    const quote: Quote = {
      id: newId('quote', ctx.now),
      organisationId,
      sku: checked.value.sku,
      price: checked.value.price,
      imageId: checked.value.image?.id ?? null,
      cards: wish.cards,
      topology: wish.topology,
      startAt: checked.value.startAt,
      durationSeconds: checked.value.term ? null : checked.value.durationSeconds,
      term: checked.value.term?.term ?? null,
      lines,
      totalUnits: units(perCard * BigInt(wish.cards)),
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
  return withTx(ctx, (tx) => findQuote(tx, organisationId, quoteId));
}
