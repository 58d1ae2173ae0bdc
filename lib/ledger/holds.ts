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
