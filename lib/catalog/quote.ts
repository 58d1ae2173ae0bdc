import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { dearestStart, quoteLines, termPrice } from './price.ts';
import { type PriceTerm, type PriceVersion, QUOTE_VALID_SECONDS, type QuoteLine } from './types.ts';

/** An open end is held one hour at a time: that first hour is what a quote sets aside. */
export const OPEN_END_SECONDS = 3_600;

/** What the price of a wish depends on, once it is checked. */
export type PricedTime = {
  readonly price: PriceVersion;
  readonly term: PriceTerm | null;
  readonly startAt: Instant | null;
  readonly durationSeconds: number | null;
};

/**
 * What one card costs, line by line, as asked at an instant. A start "now" is priced at its dearest moment within the
 * quote's validity; `startAt` of the answer is that moment.
 */
export function linesOfWish(wish: PricedTime, askedAt: Instant): { startAt: Instant; lines: QuoteLine[] } {
  const { price, term } = wish;
  const from = floorToSecond(askedAt);
  if (term) {
    const line = { seconds: term.termSeconds, factorBps: term.factorBps, amountUnits: termPrice(price, term) };
    return { startAt: wish.startAt ?? from, lines: [line] };
  }
  const seconds = wish.durationSeconds ?? OPEN_END_SECONDS;
  const startAt = wish.startAt ?? dearestStart(price, from, QUOTE_VALID_SECONDS, seconds);
  return { startAt, lines: quoteLines(price, { startAt, endAt: plusSeconds(startAt, seconds) }) };
}

/** The lines of one card, for all cards. */
export function totalOfLines(lines: readonly QuoteLine[], cards: number): Units {
  return units(lines.reduce((sum, line) => sum + line.amountUnits, 0n) * BigInt(cards));
}
