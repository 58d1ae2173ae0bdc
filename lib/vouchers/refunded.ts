import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { VoucherShare } from './types.ts';

type Row = { reservation_id: string; grant_id: string; amount: bigint };

const byReservation = (rows: readonly Row[]): Map<string, VoucherShare[]> =>
  new Map(
    [...Map.groupBy(rows, (row) => row.reservation_id)].map(([id, group]) => [
      id,
      group.map(({ grant_id, amount }) => ({ grant: idFrom('promoGrant', grant_id), amount: units(amount) })),
    ]),
  );

/** What the charges of reservations burnt of each voucher, by reservation; one that none paid for is not in it. */
export async function readBurntOf(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, VoucherShare[]>> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT reservation_id, grant_id, sum(charged_units)::bigint AS amount FROM voucher_tranche
    WHERE reservation_id = ANY(${reservationIds}::text[]) AND grant_id IS NOT NULL AND charged_units > 0
    GROUP BY 1, 2 ORDER BY 1, 2`;
  return byReservation(rows);
}

/** What each voucher paid for reservations and did not get back, used or not. */
export async function readPaidOf(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, VoucherShare[]>> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT reservation_id, grant_id, sum(placed_units - returned_units)::bigint AS amount FROM voucher_tranche
    WHERE reservation_id = ANY(${reservationIds}::text[]) AND grant_id IS NOT NULL AND placed_units > returned_units
    GROUP BY 1, 2 ORDER BY 1, 2`;
  return byReservation(rows);
}
