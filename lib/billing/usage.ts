import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { isOnHour, parseInstant } from '#lib/core/instant.ts';
import { type Month, monthInterval, monthOf, parseMonth } from '#lib/core/period.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { monthsUpTo } from './period.ts';
import type { CardCharge, HourCharges, MonthUsage, UsageSubject, UsageTotals } from './types.ts';
import {
  findSubject,
  readCardCharges,
  readFirstHour,
  readHours,
  readReservationUsage,
  type Slice,
} from './usage-store.ts';

/** The months from the own first charge to the present one, newest first; the present one alone before any. */
export async function listUsageMonths(ctx: Ctx): Promise<Month[]> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  const firstHourAt = await withTx(ctx, (tx) => readFirstHour(tx, organisationId));
  return monthsUpTo(firstHourAt === null ? monthOf(ctx.now) : monthOf(firstHourAt), ctx.now);
}

/** The own usage of a month by reservation, the most expensive first. Null when `month` is no month. */
export async function findMonthUsage(ctx: Ctx, month: string, page: Slice): Promise<MonthUsage | null> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  const parsed = parseMonth(month);
  if (parsed === null) return null;
  return withTx(ctx, (tx) => readReservationUsage(tx, organisationId, monthInterval(parsed), page));
}

export type ReservationHours = {
  readonly subject: UsageSubject;
  readonly hours: readonly HourCharges[];
  readonly total: number;
  readonly totals: UsageTotals;
};

/**
 * The charged hours of an own reservation, newest first, of one month or with null of all. Null when there is no such
 * reservation or month.
 */
export async function findReservationHours(
  ctx: Ctx,
  wish: { readonly reservationId: string; readonly month: string | null },
  page: Slice,
): Promise<ReservationHours | null> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  const month = wish.month === null ? null : parseMonth(wish.month);
  if (wish.month !== null && month === null) return null;
  return withTx(ctx, async (tx) => {
    const subject = await findSubject(tx, organisationId, wish.reservationId);
    if (subject === null) return null;
    const period = month === null ? null : monthInterval(month);
    return { subject, ...(await readHours(tx, subject.reservationId, period, page)) };
  });
}

export type HourCards = {
  readonly subject: UsageSubject;
  readonly cards: readonly CardCharge[];
  readonly total: number;
  readonly totals: UsageTotals;
};

/**
 * What each card of an own reservation was charged for one clock hour: the grain of the invoice. Null when there is no
 * such reservation, or `hour` is no clock hour as ISO text, or nothing was charged for it.
 */
export async function findHourCards(
  ctx: Ctx,
  wish: { readonly reservationId: string; readonly hour: string },
  page: Slice,
): Promise<HourCards | null> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  const hourAt = parseInstant(wish.hour);
  if (hourAt === null || !isOnHour(hourAt)) return null;
  return withTx(ctx, async (tx) => {
    const subject = await findSubject(tx, organisationId, wish.reservationId);
    if (subject === null) return null;
    const found = await readCardCharges(tx, subject.reservationId, hourAt, page);
    return found.total === 0 ? null : { subject, ...found };
  });
}
