import 'server-only';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What was charged out of the holds of reservations so far, by reservation. */
export async function readCaptured(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, Units>> {
  const rows = await tx.$queryRaw<{ subject: string; captured: bigint }[]>`
    SELECT subject, captured_units AS captured FROM hold WHERE subject = ANY(${reservationIds}::text[])`;
  return new Map(rows.map(({ subject, captured }) => [subject, units(captured)]));
}
