import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { type HourPayer, sharesBack } from './shares-back.ts';
import type { VoucherShare } from './types.ts';

// The door for billing to what hours that are charged less after all give back to vouchers, within its own transaction.

type Reservation = { readonly reservationId: Id<'reservation'>; readonly organisationId: Id<'organisation'> };

/** How vouchers would share what an hour gives back; of an hour that no voucher paid for, nothing. */
export type SharesOf = (hourAt: Instant, amountUnits: bigint) => readonly VoucherShare[];

/** What vouchers paid of hours of a reservation, as they are charged by now. */
export async function readSharesOf(
  tx: Tx,
  { reservationId }: Reservation,
  hours: readonly Instant[],
  now: Instant,
): Promise<SharesOf> {
  const rows = await tx.$queryRaw<
    { hour_at: Date; grant_id: string; paid: bigint; is_over: boolean; charged: bigint }[]
  >`
    SELECT b.*, (SELECT coalesce(sum(u.amount_units), 0)::bigint FROM usage_charge u
        WHERE u.reservation_id = ${reservationId} AND u.hour_at = b.hour_at) AS charged
    FROM (SELECT v.hour_at, v.grant_id, sum(v.amount_units)::bigint AS paid, min(v.id) AS first,
        g.withdrawn_at IS NOT NULL OR g.valid_until <= ${toDate(now)}::timestamptz AS is_over
      FROM voucher_burn v JOIN voucher_grant g ON g.id = v.grant_id
      WHERE v.reservation_id = ${reservationId} AND v.hour_at = ANY(${hours.map(toDate)}::timestamptz[])
      GROUP BY v.hour_at, v.grant_id, g.id HAVING sum(v.amount_units) > 0) b ORDER BY b.hour_at, b.first`;
  const byHour = Map.groupBy(rows, ({ hour_at }) => instant(hour_at.getTime()));
  return (hourAt, amountUnits) => {
    const own = byHour.get(hourAt) ?? [];
    const charged = own[0]?.charged ?? 0n;
    if (charged < amountUnits || charged <= 0n) return [];
    const payers = own.map(({ grant_id, paid, is_over }): HourPayer => {
      return { grant: idFrom('promoGrant', grant_id), amount: units(paid), isOver: is_over };
    });
    return sharesBack(payers, charged, amountUnits);
  };
}

/** What a correction of an hour gave back to vouchers. */
export type HourReturn = {
  readonly hourAt: Instant;
  readonly journalKey: string;
  readonly shares: readonly VoucherShare[];
};

/** Notes that vouchers got back what they had paid of hours: so much less of them is burnt there. */
export async function insertReturns(
  tx: Tx,
  { reservationId, organisationId }: Reservation,
  returns: readonly HourReturn[],
  at: Instant,
): Promise<void> {
  const rows = returns.flatMap(({ hourAt, journalKey, shares }) =>
    shares.map(({ grant, amount }) => ({ hourAt: toDate(hourAt), journalKey, grantId: grant, amountUnits: -amount })),
  );
  for (const { hourAt, journalKey, grantId, amountUnits } of rows)
    await tx.$executeRaw`
      INSERT INTO voucher_burn (organisation_id, reservation_id, grant_id, hour_at, amount_units, charged_at, journal_key)
      VALUES (${organisationId}, ${reservationId}, ${grantId}, ${hourAt}::timestamptz, ${amountUnits}::bigint, ${toDate(at)}::timestamptz, ${journalKey})`;
}
