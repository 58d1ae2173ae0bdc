import 'server-only';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

// The door for other modules to the money of one reservation, within their own transaction.

/** What was set aside for a reservation and what became of it, in 1e-8 yuan. Placed = charged + returned + left. */
export type HoldView = {
  readonly placedUnits: Units;
  readonly chargedUnits: Units;
  readonly returnedUnits: Units;
  readonly leftUnits: Units;
  /** When nothing more could move in it. */
  readonly resolvedAt: Instant | null;
};

/** The hold or commitment of a reservation; null when the transaction's tenant has none. */
export async function readHold(tx: Tx, reservationId: string): Promise<HoldView | null> {
  const row = await tx.hold.findFirst({
    where: { subject: reservationId },
    select: { placedUnits: true, capturedUnits: true, releasedUnits: true, resolvedAt: true },
  });
  if (!row) return null;
  const { placedUnits, capturedUnits, releasedUnits, resolvedAt } = row;
  return {
    placedUnits: units(placedUnits),
    chargedUnits: units(capturedUnits),
    returnedUnits: units(releasedUnits),
    leftUnits: units(placedUnits - capturedUnits - releasedUnits),
    resolvedAt: resolvedAt === null ? null : fromDate(resolvedAt),
  };
}

/** The card-seconds of a reservation's charges so far: proven, bound without proof, and of a paid term left early. */
export type SpentSeconds = { readonly used: bigint; readonly down: bigint; readonly unused: bigint };

/** What was spent of a reservation's seconds. Read from its journals, one an hour, however many cards it has. */
export async function readSpentSeconds(tx: Tx, reservationId: string): Promise<SpentSeconds> {
  const rows = await tx.$queryRaw<{ kind: string; seconds: bigint }[]>`
    SELECT a.kind, sum(p.credit_units - p.debit_units)::bigint AS seconds
    FROM posting p JOIN account a ON a.id = p.account_id
    WHERE a.kind IN ('capacityUsed', 'capacityDown', 'capacityIdle') AND p.journal_id IN (
      SELECT r.journal_id FROM posting r JOIN account b ON b.id = r.account_id WHERE b.path = 'capacity:reserved:' || ${reservationId})
    GROUP BY a.kind`;
  const of = (kind: string): bigint => rows.find((row) => row.kind === kind)?.seconds ?? 0n;
  return { used: of('capacityUsed'), down: of('capacityDown'), unused: of('capacityIdle') };
}
