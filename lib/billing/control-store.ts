import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';

/**
 * What a month's journals of usage took out of holds and prepaid terms, and what was put right with the wallet, of one organisation or with null of all. It is
 * what they put into accrued revenue, on the side that customers may see.
 */
export async function readLedgerUsage(tx: Tx, month: Month, organisationId: Id<'organisation'> | null): Promise<Units> {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND j.organisation_id = ${organisationId}`;
  const [row] = await tx.$queryRaw<{ units: bigint }[]>`
    SELECT coalesce(sum(p.debit_units - p.credit_units), 0)::bigint AS units
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id AND a.kind IN ('hold', 'commitment', 'wallet', 'receivable')
    WHERE j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected') AND j.effective_at >= ${toDate(startAt)}::timestamptz
      AND j.effective_at < ${toDate(endAt)}::timestamptz ${whose}`;
  return units(row?.units ?? 0n);
}
