import { invariant } from '#lib/core/assert.ts';
import { type Instant, plusSeconds, secondsBetween } from '#lib/core/instant.ts';
import { type ClosedInterval, splitByHour } from '#lib/core/interval.ts';
import { chargeToDate, type Units, units } from '#lib/core/money.ts';
import { shanghaiHourOf } from '#lib/core/period.ts';
import type { PriceTerm, PriceVersion, QuoteLine, Term } from './types.ts';

const FULL_BPS = 10_000;

/** The factor of the price in the clock hour that contains `at`, in basis points. Bands begin and end on hours. */
export function bandBpsAt(price: Pick<PriceVersion, 'bands'>, at: Instant): number {
  const hour = shanghaiHourOf(at);
  return price.bands.find((band) => band.fromHour <= hour && hour < band.toHour)?.factorBps ?? FULL_BPS;
}

/** Seconds of an interval at each factor, in order of first appearance. */
function secondsByFactor(price: PriceVersion, interval: ClosedInterval): Map<number, number> {
  const seconds = new Map<number, number>();
  for (const { hourAt, part } of splitByHour(interval)) {
    const factor = bandBpsAt(price, hourAt);
    seconds.set(factor, (seconds.get(factor) ?? 0) + secondsBetween(part.startAt, part.endAt));
  }
  return seconds;
}

/** Σ seconds × band of an interval: the argument of R(t), see {@link chargeToDate}. */
export function weightedSeconds(price: PriceVersion, interval: ClosedInterval): bigint {
  if (price.bands.length === 0) return BigInt(FULL_BPS) * BigInt(secondsBetween(interval.startAt, interval.endAt));
  let total = 0n;
  for (const [factor, seconds] of secondsByFactor(price, interval)) total += BigInt(factor) * BigInt(seconds);
  return total;
}

/** What one card costs by the hour over an interval, in 1e-8 yuan. */
export function cardCharge(price: PriceVersion, interval: ClosedInterval): Units {
  return chargeToDate(price.priceE10PerCardHour, weightedSeconds(price, interval));
}

/** The term of a price version; null when it is not sold by that term. */
export function findTerm(price: PriceVersion, term: Term): PriceTerm | null {
  return price.terms.find((offered) => offered.term === term) ?? null;
}

/** What one card costs for a whole term, paid in advance, in 1e-8 yuan. */
export function termPrice(price: Pick<PriceVersion, 'priceE10PerCardHour'>, term: PriceTerm): Units {
  return chargeToDate(price.priceE10PerCardHour, BigInt(term.termSeconds) * BigInt(term.factorBps));
}

/** The formula of an interval by the hour, one line a factor. The amounts sum to {@link cardCharge}. */
export function quoteLines(price: PriceVersion, interval: ClosedInterval): QuoteLine[] {
  let weighted = 0n;
  return [...secondsByFactor(price, interval)].map(([factorBps, seconds]) => {
    const before = chargeToDate(price.priceE10PerCardHour, weighted);
    weighted += BigInt(factorBps) * BigInt(seconds);
    return { seconds, factorBps, amountUnits: units(chargeToDate(price.priceE10PerCardHour, weighted) - before) };
  });
}

/**
 * The start within `[from, from + slackSeconds]` at which `durationSeconds` cost most. A booking that starts "now" is
 * decided a little after it was quoted; quoting the dearest start keeps the bill at or below the quote. The cost is
 * piecewise linear in the start, with corners where the start or the end passes an hour, so only those are tried.
 */
export function dearestStart(
  price: PriceVersion,
  from: Instant,
  slackSeconds: number,
  durationSeconds: number,
): Instant {
  invariant(durationSeconds > 0, 'a booking lasts');
  const last = plusSeconds(from, slackSeconds);
  const corners = [...splitByHour({ startAt: from, endAt: last })].map(({ hourAt }) => hourAt);
  const ends = { startAt: plusSeconds(from, durationSeconds), endAt: plusSeconds(last, durationSeconds) };
  const endCorners = [...splitByHour(ends)].map(({ hourAt }) => plusSeconds(hourAt, -durationSeconds));
  const starts = [from, last, ...corners, ...endCorners].filter((start) => from <= start && start <= last);
  const costOf = (startAt: Instant): bigint =>
    weightedSeconds(price, { startAt, endAt: plusSeconds(startAt, durationSeconds) });
  return starts.reduce((dearest, start) => (costOf(start) > costOf(dearest) ? start : dearest), from);
}
