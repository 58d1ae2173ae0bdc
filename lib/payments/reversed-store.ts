import 'server-only';
import type { Tx } from '#lib/platform/db.ts';

/** A match that was taken back: the line waits again, and so does the transfer that it was thought to be. */
export async function reopenMatch(tx: Tx, matchKey: string): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string; payment_id: string }[]>`
    SELECT l.id, l.payment_id FROM payment p JOIN bank_line l ON l.payment_id = p.id
    WHERE p.journal_key = ${matchKey} FOR UPDATE OF p, l`;
  for (const { id, payment_id: paymentId } of rows) {
    await tx.bankLine.updateMany({
      where: { id },
      data: { state: 'unmatched', paymentId: null, matchedBy: null, matchedAt: null },
    });
    await tx.payment.updateMany({
      where: { id: paymentId },
      data: { state: 'open', settledAt: null, settledFen: null, journalKey: null },
    });
  }
}

/** How often a line was matched before and taken back: each match is a journal of its own. */
export async function countReversedMatches(tx: Tx, lineId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ matches: number }[]>`
    SELECT count(*)::int AS matches FROM journal j WHERE j.kind = 'transferMatched' AND j.source->>'bankLine' = ${lineId}`;
  return row?.matches ?? 0;
}
