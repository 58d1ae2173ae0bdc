import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import type { FaultReport } from './types.ts';

// The engine's door to the fault queue, within its own transaction.

/** Opens a case for a report, or counts it on the open case of the same card and kind. */
export async function recordFaults(tx: Tx, reports: readonly FaultReport[], now: Instant): Promise<void> {
  for (const { cardId, kind, xid, severity, action, at } of reports) {
    const open = await tx.faultCase.findFirst({ where: { cardId, kind, resolvedAt: null }, select: { id: true } });
    if (open) {
      await tx.faultCase.update({
        where: { id: open.id },
        data: { count: { increment: 1 }, lastSeenAt: toDate(at), action },
      });
    } else {
      const seen = { firstSeenAt: toDate(at), lastSeenAt: toDate(at) };
      await tx.faultCase.create({
        data: { id: newId('fault', now), cardId, kind, xid, severity, action, count: 1, ...seen },
      });
    }
  }
}

/** Closes the open cases of cards that are well again, except of the kind that still holds. */
export async function resolveFaults(
  tx: Tx,
  cards: readonly { readonly cardId: string; readonly except: string | null }[],
  at: Instant,
): Promise<void> {
  for (const { cardId, except } of cards) {
    await tx.faultCase.updateMany({
      where: { cardId, resolvedAt: null, ...(except === null ? {} : { kind: { not: except } }) },
      data: { resolvedAt: toDate(at) },
    });
  }
}

/** The open cases of a pool's cards, for a simulated fleet that starts again. */
export async function readOpenFaults(
  tx: Tx,
  poolId: string,
): Promise<{ uuid: string; kind: string; since: Instant }[]> {
  const rows = await tx.faultCase.findMany({
    where: { resolvedAt: null, card: { poolId } },
    select: { kind: true, firstSeenAt: true, card: { select: { uuid: true } } },
  });
  return rows.map((row) => ({ uuid: row.card.uuid, kind: row.kind, since: fromDate(row.firstSeenAt) }));
}
