import 'server-only';
import { chargeHour, hoursOf } from '#lib/billing/charge-run.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, later } from '#lib/core/instant.ts';
import { onAccount, returnedWithPromo } from '#lib/ledger/credit-templates.ts';
import { readHoldRests, post, resolveHolds } from '#lib/ledger/posting.ts';
import { returned } from '#lib/ledger/templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readUnsettled, writeSettled } from '#lib/reservations/settlement.ts';
import { returnRests } from '#lib/vouchers/tranches.ts';
import { refundJournals } from './refund-settling.ts';

/** A reservation that is over and whose last charges and returns are not booked yet. */
export type Unsettled = {
  readonly id: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly skuId: string;
  readonly name: string;
  readonly purchase: 'by-hour' | 'by-card';
  /** True when it is set aside against the credit line. */
  readonly isOnAccount: boolean;
  readonly startAt: Instant;
  readonly endedAt: Instant;
  /** A paid term that was left early earns on to its end. */
  readonly settleAt: Instant;
  readonly wasCancelled: boolean;
  /** Its charges go back with the rest. */
  readonly isRefunded: boolean;
};

/** The reservations of a pool that are over but not settled. */
export async function loadUnsettled(tx: Tx, poolId: string): Promise<Unsettled[]> {
  const rows = await readUnsettled(tx, poolId);
  return rows.map((row) => {
    const endedAt = fromDate(row.endedAt);
    const leftEarly = row.purchase === 'by-card' && row.endReason === 'released' && row.endAt !== null;
    return {
      id: row.id as Id<'reservation'>,
      organisationId: row.organisationId as Id<'organisation'>,
      skuId: row.skuId,
      name: row.name,
      purchase: row.purchase as Unsettled['purchase'],
      isOnAccount: row.payBy === 'account',
      startAt: fromDate(row.startAt),
      endedAt,
      settleAt: leftEarly && row.endAt ? fromDate(row.endAt) : endedAt,
      wasCancelled: row.state === 'cancelled',
      isRefunded: row.endReason === 'refunded',
    };
  });
}

/** What is left of each goes back to the wallet and to the vouchers that paid for it, or is free of the credit line again. */
async function restJournals(
  ctx: Ctx,
  tx: Tx,
  poolId: string,
  over: readonly Unsettled[],
  holds: Awaited<ReturnType<typeof readHoldRests>>,
): Promise<Journal[]> {
  const rests = over.flatMap((reservation) => {
    const left = holds.get(reservation.id);
    return left ? [{ reservation, reservationId: reservation.id, amountUnits: left.leftUnits, ...left }] : [];
  });
  const refundOf = await returnRests(tx, rests);
  return rests.map((rest) => {
    const { id: reservationId, organisationId, skuId, purchase, isOnAccount } = rest.reservation;
    const ref = { reservationId, organisationId, poolId, skuId, purchase };
    const { shares, cashUnits } = refundOf(rest);
    const journal = returned(ref, ctx.now, cashUnits, rest.leftCardSeconds);
    if (isOnAccount) return onAccount(journal, organisationId);
    return shares.length > 0 ? returnedWithPromo(journal, ref, shares) : journal;
  });
}

/**
 * Settles reservations that are over: charges the hours that the hourly run has not reached, returns what is left of
 * the money and the seconds, and closes the hold for good. One transaction: all of it or nothing.
 */
export async function settle(
  ctx: Ctx,
  tx: Tx,
  prices: ReadonlyMap<string, PriceVersion>,
  poolId: string,
  over: readonly Unsettled[],
  nextHourAt: Instant | null,
): Promise<void> {
  const ids = over.map(({ id }) => id);
  const hours = new Set<Instant>();
  for (const { startAt, settleAt, wasCancelled } of over) {
    if (wasCancelled) continue;
    for (const hour of hoursOf(nextHourAt === null ? startAt : later(startAt, nextHourAt), settleAt)) hours.add(hour);
  }
  for (const hourAt of [...hours].sort((a, b) => a - b)) await chargeHour(ctx, tx, prices, poolId, hourAt, ids);

  const holds = await readHoldRests(tx, ids);
  const rests = await restJournals(ctx, tx, poolId, over, holds);
  await post(ctx, tx, [...rests, ...(await refundJournals(ctx, tx, poolId, over, holds))]);
  await resolveHolds(tx, ids, ctx.now);
  await writeSettled(tx, ids, ctx.now);
}
