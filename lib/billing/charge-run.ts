import 'server-only';
import { bandBpsAt } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, instant, later, toDate } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import { monthInterval, monthOf } from '#lib/core/period.ts';
import { post } from '#lib/ledger/posting.ts';
import { chargeKey, charged } from '#lib/ledger/templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { HourUsage } from '#lib/metering/types.ts';
import { readHourUsage } from '#lib/metering/usage.ts';
import type { Tx } from '#lib/platform/db.ts';
import { burnCharged } from '#lib/vouchers/tranches.ts';
import { type Rating, rate } from './rate.ts';

type Charge = HourUsage & Rating & { readonly bandBps: number; readonly journalKey: string };

const sum = (charges: readonly Charge[], pick: (charge: Charge) => number): bigint =>
  BigInt(charges.reduce((total, charge) => total + pick(charge), 0));

/** A revision above 0 corrects an hour that was charged before; the first run of an hour is revision 0. */
const FIRST_REVISION = 0;

/**
 * When a charge becomes effective: at the end of what it charges, but not at the first instant of the next month, so
 * that a month's usage lies in the month.
 */
function effectiveAtOf(endAt: Instant): Instant {
  const { startAt } = monthInterval(monthOf(endAt));
  return endAt === startAt ? instant(endAt - 1) : endAt;
}

function journalOf(charges: readonly Charge[]): Journal {
  const first = present(charges[0], 'a charge of the journal');
  const endAt = charges.reduce((latest, charge) => later(latest, charge.endAt), first.endAt);
  return charged(
    first,
    { hourAt: first.hourAt, revision: FIRST_REVISION, effectiveAt: effectiveAtOf(endAt) },
    sumUnits(charges.map(({ amountUnits }) => amountUnits)),
    {
      used: sum(charges, (c) => c.usedSeconds),
      unused: sum(charges, (c) => c.unusedSeconds),
      down: sum(charges, (c) => c.downSeconds),
    },
  );
}

async function insertCharges(ctx: Ctx, tx: Tx, charges: readonly Charge[]): Promise<void> {
  const text = (pick: (charge: Charge) => string): string[] => charges.map(pick);
  const ints = (pick: (charge: Charge) => number): number[] => charges.map(pick);
  const dates = (pick: (charge: Charge) => Instant): Date[] => charges.map((charge) => toDate(pick(charge)));
  await tx.$executeRaw`
    INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id,
      purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps, weighted_seconds_to_date,
      charged_to_date_units, amount_units, journal_key, charged_at)
    SELECT u.allocation_id, u.hour_at, ${FIRST_REVISION}, u.organisation_id, u.reservation_id, u.card_id, u.pool_id, u.sku_id, u.price_version_id,
      u.purchase, u.start_at, u.end_at, u.used, u.down, u.unused, u.band, u.weighted::bigint, u.charged::bigint, u.amount::bigint, u.journal_key,
      ${toDate(ctx.now)}::timestamptz
    FROM unnest(${text((c) => c.allocationId)}::text[], ${dates((c) => c.hourAt)}::timestamptz[], ${text((c) => c.organisationId)}::text[],
      ${text((c) => c.reservationId)}::text[], ${text((c) => c.cardId)}::text[], ${text((c) => c.poolId)}::text[], ${text((c) => c.skuId)}::text[],
      ${text((c) => c.priceVersionId)}::text[], ${text((c) => c.purchase)}::text[], ${dates((c) => c.startAt)}::timestamptz[],
      ${dates((c) => c.endAt)}::timestamptz[], ${ints((c) => c.usedSeconds)}::int[], ${ints((c) => c.downSeconds)}::int[],
      ${ints((c) => c.unusedSeconds)}::int[], ${ints((c) => c.bandBps)}::int[], ${text((c) => `${c.weightedSeconds}`)}::text[],
      ${text((c) => `${c.chargedUnits}`)}::text[], ${text((c) => `${c.amountUnits}`)}::text[], ${text((c) => c.journalKey)}::text[])
      AS u (allocation_id, hour_at, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id, purchase, start_at, end_at,
        used, down, unused, band, weighted, charged, amount, journal_key)`;
}

/**
 * Charges one clock hour of a pool, within the caller's transaction: evidence becomes seconds, seconds become charges,
 * charges of one reservation become one journal. Hours are charged in order, because each goes on from the last. What
 * is charged already is left alone, so a repeat does nothing. Answers the number of charges.
 */
export async function chargeHour(
  ctx: Ctx,
  tx: Tx,
  prices: ReadonlyMap<string, PriceVersion>,
  poolId: string,
  hourAt: Instant,
  reservationIds: readonly string[] | null = null,
): Promise<number> {
  const usages = await readHourUsage(tx, poolId, hourAt, reservationIds);
  if (usages.length === 0) return 0;
  const charges = usages.map((usage): Charge => {
    const price = present(prices.get(usage.priceVersionId), `price version ${usage.priceVersionId}`);
    const bandBps = usage.term ? 10_000 : bandBpsAt(price, hourAt);
    const journalKey = chargeKey(usage.reservationId, hourAt, FIRST_REVISION);
    return { ...usage, ...rate(usage, price.priceE10PerCardHour, bandBps), bandBps, journalKey };
  });
  await post(ctx, tx, [...Map.groupBy(charges, (charge) => charge.reservationId).values()].map(journalOf));
  await insertCharges(ctx, tx, charges);
  await burnCharged(tx, poolId, hourAt, ctx.now);
  return charges.length;
}

/** The clock hours that an interval touches, oldest first. */
export function hoursOf(startAt: Instant, endAt: Instant): Instant[] {
  const hours: Instant[] = [];
  for (let at = Math.floor(startAt / HOUR_MS) * HOUR_MS; at < endAt; at += HOUR_MS) hours.push(instant(at));
  return hours;
}
