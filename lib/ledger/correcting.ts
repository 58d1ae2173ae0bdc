import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';

// The door for other modules to corrections that two people agreed to, within their own transaction.

/**
 * Says that this transaction corrects: until its end a reopened month counts as open for reversals and credit notes. No
 * month is reopened or closed again before it ends.
 */
export async function beginCorrecting(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(20_26, 11), set_config('kashi.correcting', 'yes', true)`;
}

/** When a correction of something of a month counts: on its last millisecond while it is reopened, else now. */
export async function readCorrectingInstant(tx: Tx, month: Month, now: Instant): Promise<Instant> {
  await beginCorrecting(tx);
  const booksAt = instant(monthInterval(month).endAt - 1);
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT CASE WHEN month_is_reopened(${month}) THEN ${toDate(booksAt)}::timestamptz ELSE ledger_open_at(${toDate(now)}::timestamptz) END AS at`;
  return fromDate(present(row, 'an instant').at);
}

/** What an organisation owes on account, locked for the rest of the transaction; 0 when it never had any. */
export async function lockReceivable(tx: Tx, organisationId: Id<'organisation'>): Promise<Units> {
  const { path } = chart.receivable(organisationId);
  const [row] = await tx.$queryRaw<
    { balance_units: bigint }[]
  >`SELECT balance_units FROM ledger_lock(${[path]}::text[])`;
  return units(-(row?.balance_units ?? 0n));
}
