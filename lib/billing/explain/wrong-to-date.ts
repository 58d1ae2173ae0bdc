import 'server-only';
import type { Purchase } from '#lib/catalog/types.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import { Prisma } from '#lib/platform/db.ts';

/** Basis points of a card-hour in the divisor of the published formula: 3,600,000,000 is this many, ten thousand times. */
const PART = 360_000n;
const PARTS = 10_000n;
const INT8_MAX = 9_223_372_036_854_775_807n;

/**
 * That the charge to date of `u` is not what its seconds, band and price come to; with `r`, its reservation, where the price
 * is that of a term. It is said of every charge of a line, so it is counted in whole numbers of eight bytes wherever these
 * suffice: rounding down in two steps is rounding down once. Anything larger, or below zero, is counted with all its digits.
 */
export function wrongToDate(purchase: Purchase, price: PriceE10): Prisma.Sql {
  if (purchase === 'by-card')
    return Prisma.sql`u.charged_to_date_units <> div(r.term_price_units::numeric * u.weighted_seconds_to_date, r.term_seconds)`;
  const exact = Prisma.sql`${price}::numeric * u.weighted_seconds_to_date - u.charged_to_date_units * 3600000000::numeric
    NOT BETWEEN 0 AND 3599999999`;
  if (price <= 0n || price > INT8_MAX / PART) return exact;
  const weightedMax = (INT8_MAX / price - 2n) * PART;
  const quick = Prisma.sql`u.charged_to_date_units <>
    (${price}::bigint * (u.weighted_seconds_to_date / ${PART}::bigint) + ${price}::bigint * (u.weighted_seconds_to_date % ${PART}::bigint) / ${PART}::bigint) / ${PARTS}::bigint`;
  const most = weightedMax > INT8_MAX ? INT8_MAX : weightedMax;
  return Prisma.sql`CASE WHEN u.weighted_seconds_to_date BETWEEN 0 AND ${most}::bigint THEN ${quick} ELSE ${exact} END`;
}
