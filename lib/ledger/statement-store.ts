import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';

/** One journal's effect on a wallet, as the postings say. */
export type StatementRow = {
  readonly journalId: bigint;
  readonly key: string;
  readonly kind: string;
  readonly effectiveAt: Instant;
  readonly amountUnits: Units;
  readonly balanceAfterUnits: Units;
  readonly source: unknown;
};

/**
 * The journals that moved an organisation's wallet, newest first, from before a journal on. The balance after each is
 * counted back from the wallet's own: it is right on every page without adding up from the beginning.
 */
export async function readStatement(
  tx: Tx,
  organisationId: Id<'organisation'>,
  beforeJournalId: bigint | null,
  take: number,
): Promise<StatementRow[]> {
  const before = beforeJournalId === null ? Prisma.empty : Prisma.sql`AND p.journal_id < ${beforeJournalId}`;
  const rows = await tx.$queryRaw<
    {
      journal_id: bigint;
      key: string;
      kind: string;
      effective_at: Date;
      amount: bigint;
      balance: bigint;
      source: unknown;
    }[]
  >`
    WITH wallet AS (SELECT id, balance_units FROM account WHERE path = ${chart.wallet(organisationId).path}),
    moves AS (
      SELECT p.journal_id, sum(p.credit_units - p.debit_units) AS amount FROM posting p
      WHERE p.account_id = (SELECT id FROM wallet) ${before} GROUP BY p.journal_id ORDER BY p.journal_id DESC LIMIT ${take}),
    later AS (
      SELECT coalesce(sum(p.credit_units - p.debit_units), 0) AS amount FROM posting p
      WHERE p.account_id = (SELECT id FROM wallet) AND p.journal_id > (SELECT max(journal_id) FROM moves))
    SELECT m.journal_id, j.key, j.kind, j.effective_at, m.amount::bigint AS amount, j.source,
      (w.balance_units - later.amount
        - coalesce(sum(m.amount) OVER (ORDER BY m.journal_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))::bigint AS balance
    FROM moves m JOIN journal j ON j.id = m.journal_id CROSS JOIN wallet w CROSS JOIN later
    ORDER BY m.journal_id DESC`;
  return rows.map((row) => ({
    journalId: row.journal_id,
    key: row.key,
    kind: row.kind,
    effectiveAt: fromDate(row.effective_at),
    amountUnits: units(row.amount),
    balanceAfterUnits: units(row.balance),
    source: row.source,
  }));
}
