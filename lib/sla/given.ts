import 'server-only';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What reservations were given for broken availability, over all months; one that was given nothing is not in it. */
export async function readGivenTo(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, Units>> {
  const rows = await tx.$queryRaw<{ reservation_id: string; amount: bigint }[]>`
    SELECT reservation_id, sum(amount_units)::bigint AS amount FROM sla_credit
    WHERE reservation_id = ANY(${reservationIds}::text[]) GROUP BY 1`;
  return new Map(rows.map(({ reservation_id, amount }) => [reservation_id, units(amount)]));
}
