import 'server-only';
import { bandBpsAt } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, instant, toDate } from '#lib/core/instant.ts';
import { accrueOnAccount } from '#lib/ledger/on-account.ts';
import type { Tx } from '#lib/platform/db.ts';
import { burnCharged } from '#lib/vouchers/tranches.ts';

/** A part of a pool's customers, charged in a transaction of its own: those of one of `shards` parts of all organisations. */
export type Shard = { readonly shard: number; readonly shards: number };

const WHOLE: Shard = { shard: 0, shards: 1 };

/**
 * Charges one clock hour of a pool, within the caller's transaction and in one statement: evidence becomes seconds, seconds
 * become charges (`rate.ts`), charges of one reservation become one journal. Hours are charged in order, because each goes
 * on from the last. What is charged already is left alone, so a repeat does nothing. Only `of` some reservations or of one
 * shard, where asked for. Answers the number of charges. A refusal of the ledger ends the transaction.
 */
export async function chargeHour(
  ctx: Ctx,
  tx: Tx,
  prices: ReadonlyMap<string, PriceVersion>,
  poolId: string,
  hourAt: Instant,
  of: readonly string[] | Shard = WHOLE,
): Promise<number> {
  const { shard, shards } = 'shards' in of ? of : WHOLE;
  const reservationIds = 'shards' in of ? null : of;
  const bands = [...prices.values()].map((price) => bandBpsAt(price, hourAt));
  const [row] = await tx.$queryRaw<{ charges: number }[]>`
    SELECT charge_hour(${actorLabel(ctx.actor)}, ${toDate(ctx.now)}::timestamptz, ${poolId}, ${toDate(hourAt)}::timestamptz,
      ${[...prices.keys()]}::text[], ${bands}::int[], ${reservationIds}::text[], ${shard}::int, ${shards}::int) AS charges`;
  const { charges } = present(row, 'a count');
  if (charges > 0) {
    await burnCharged(tx, poolId, hourAt, ctx.now);
    await accrueOnAccount(ctx, tx, poolId, hourAt);
  }
  return charges;
}

/** The clock hours that an interval touches, oldest first. */
export function hoursOf(startAt: Instant, endAt: Instant): Instant[] {
  const hours: Instant[] = [];
  for (let at = Math.floor(startAt / HOUR_MS) * HOUR_MS; at < endAt; at += HOUR_MS) hours.push(instant(at));
  return hours;
}
