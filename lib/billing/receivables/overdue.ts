import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readInvoiced } from './reading.ts';

// The door for whoever decides about new use on account, within its own transaction.

/** Since when the oldest late invoice on account is late: from the end of its last day to pay. Null while none is. */
export async function readOverdueSince(
  tx: Tx,
  organisationId: Id<'organisation'>,
  now: Instant,
): Promise<Instant | null> {
  const late = (await readInvoiced(tx, organisationId, now)).find(({ daysLate }) => daysLate > 0);
  return late ? plusMs(late.dueAt, DAY_MS) : null;
}
