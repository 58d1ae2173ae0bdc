import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';
import { firstBrokenBlock, type SealedRow } from './sealing.ts';

const chain: Proof<Tx> = {
  name: 'hashChainIntact',
  claim: 'every block follows the one before, and its hash is that of its journals as they stand',
  run: async (tx) => {
    const blocks = await tx.chainBlock.findMany({
      where: { chain: 'ledger' },
      orderBy: { number: 'asc' },
      select: { number: true, previousHash: true, hash: true, rowCount: true },
    });
    const rows = await tx.$queryRaw<{ block: bigint; id: bigint; digest: string | null }[]>`
      SELECT r.block_number AS block, r.row_id AS id, journal_digest(r.row_id) AS digest FROM chain_row r
      WHERE r.chain = 'ledger' ORDER BY r.block_number, r.row_id`;
    const byBlock = new Map<bigint, SealedRow[]>();
    for (const { block, id, digest } of rows) {
      const list = byBlock.get(block) ?? [];
      list.push({ id, digest: digest ?? 'gone' });
      byBlock.set(block, list);
    }
    const broken = firstBrokenBlock(blocks.map((block) => ({ ...block, rows: byBlock.get(block.number) ?? [] })));
    return { violations: broken === null ? 0 : 1, example: broken === null ? null : `block ${broken}` };
  },
};

/** What must hold of the ledger at any time. */
export const LEDGER_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'journalsBalanced',
    'every journal has at least two legs and sums to zero in each asset',
    Prisma.sql`SELECT j.key AS what FROM journal j LEFT JOIN posting p ON p.journal_id = j.id GROUP BY j.id, p.asset
      HAVING count(p.*) < 2 OR sum(p.debit_units) IS DISTINCT FROM sum(p.credit_units)`,
  ),
  proofByQuery(
    'ledgerSumsToZero',
    'all postings together sum to zero in each asset',
    Prisma.sql`SELECT asset AS what FROM posting GROUP BY asset HAVING sum(debit_units) <> sum(credit_units)`,
  ),
  proofByQuery(
    'balancesDerived',
    'every cached balance and count is what the postings say, and none lies below its minimum',
    Prisma.sql`SELECT a.path AS what FROM account a LEFT JOIN posting p ON p.account_id = a.id WHERE a.balance_units IS NOT NULL
      GROUP BY a.id HAVING a.balance_units <> coalesce(sum(p.credit_units - p.debit_units), 0) OR a.posting_count <> count(p.*)
        OR a.balance_units < a.minimum_units`,
  ),
  proofByQuery(
    'pairsPermitted',
    'every journal sets only those accounts against each other that its kind permits',
    Prisma.sql`WITH legs AS (
        SELECT DISTINCT p.journal_id, j.kind AS journal_kind, p.asset, a.kind, p.debit_units > 0 AS is_debit
        FROM posting p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id)
      SELECT d.journal_id::text AS what FROM legs d JOIN legs c ON c.journal_id = d.journal_id AND c.asset = d.asset AND d.is_debit AND NOT c.is_debit
      WHERE NOT EXISTS (SELECT FROM journal_rule r WHERE r.journal_kind = d.journal_kind AND r.debit_kind = d.kind AND r.credit_kind = c.kind)`,
  ),
  proofByQuery(
    'holdsDerived',
    'what a hold says was placed, captured and released is what its postings say',
    Prisma.sql`SELECT h.subject AS what FROM hold h JOIN posting p ON p.account_id = h.account_id JOIN journal j ON j.id = p.journal_id
      GROUP BY h.account_id HAVING h.placed_units <> sum(p.credit_units)
        OR h.captured_units <> coalesce(sum(p.debit_units) FILTER (WHERE j.kind IN ('usageAccrued', 'commitmentEarned')), 0)
        OR h.released_units <> coalesce(sum(p.debit_units) FILTER (WHERE j.kind IN ('holdReleased', 'commitmentReturned')), 0)`,
  ),
  proofByQuery(
    'holdsResolvedOnce',
    'the rest of a hold is returned at most once, and nothing moves in it after it is resolved',
    Prisma.sql`SELECT h.subject AS what FROM hold h JOIN posting p ON p.account_id = h.account_id JOIN journal j ON j.id = p.journal_id
      GROUP BY h.account_id
      HAVING count(DISTINCT j.id) FILTER (WHERE j.key LIKE 'return:%') > 1
        OR (h.resolved_at IS NOT NULL AND sum(p.credit_units) <> sum(p.debit_units))
        OR (h.resolved_at IS NOT NULL AND max(j.id) <> coalesce(max(j.id) FILTER (WHERE j.key LIKE 'return:%'), max(j.id)))`,
  ),
  proofByQuery(
    'monthsClosed',
    'nothing was posted into a month after it was closed',
    Prisma.sql`SELECT j.key AS what FROM journal j JOIN closed_month m ON m.month = shanghai_month(j.effective_at) WHERE j.posted_at > m.closed_at
      AND NOT (j.kind IN ('reversal', 'creditNoteIssued') AND EXISTS (SELECT FROM period_reopening r
        WHERE r.month = m.month AND r.state IN ('agreed', 'closed') AND (r.closed_at IS NULL OR j.posted_at <= r.closed_at)))`,
  ),
  proofByQuery(
    'journalsSealed',
    'every journal is in a block of the hash chain, but for the newest',
    Prisma.sql`SELECT j.key AS what FROM journal j WHERE NOT EXISTS (SELECT FROM chain_row r WHERE r.chain = 'ledger' AND r.row_id = j.id)
      AND j.id < (SELECT coalesce(max(row_id), 0) FROM chain_row WHERE chain = 'ledger') - 10000`,
  ),
  proofByQuery(
    'reversalsExact',
    'every reversal is its original the other way round, at most one of each, of a kind that may be reversed',
    Prisma.sql`SELECT r.key AS what FROM journal r LEFT JOIN journal o ON o.key = r.reverses_key
      LEFT JOIN journal_kind k ON k.kind = o.kind AND k.is_reversible
      WHERE (r.kind = 'reversal' OR r.reverses_key IS NOT NULL) AND (r.kind <> 'reversal' OR k.kind IS NULL
        OR r.organisation_id IS DISTINCT FROM o.organisation_id OR r.effective_at < o.effective_at
        OR (SELECT count(*) FROM journal s WHERE s.reverses_key = o.key) > 1
        OR EXISTS (SELECT FROM (SELECT * FROM posting WHERE journal_id = r.id) a FULL JOIN (SELECT * FROM posting WHERE journal_id = o.id) b USING (leg)
          WHERE (a.account_id, a.asset, a.debit_units, a.credit_units) IS DISTINCT FROM (b.account_id, b.asset, b.credit_units, b.debit_units)))`,
  ),
  proofByQuery(
    'creditLinesKept',
    'every lowest balance is what the credit line in force says, decided by two people',
    Prisma.sql`SELECT a.path AS what FROM account a
      LEFT JOIN credit_line_change c ON c.organisation_id = a.organisation_id AND c.state = 'approved'
        AND c.account_kind = CASE a.kind WHEN 'lineSetAside' THEN 'receivable' ELSE a.kind END
      WHERE (a.minimum_units <> -coalesce(c.limit_units, 0) AND a.kind NOT IN ('receivableDisputed', 'arrears')) OR c.proposed_by = c.decided_by
      UNION ALL SELECT c.id FROM credit_line_change c WHERE c.state = 'approved' AND c.limit_units > 0
        AND NOT EXISTS (SELECT FROM account a WHERE a.organisation_id = c.organisation_id AND a.kind = c.account_kind)`,
  ),
  proofByQuery(
    'nobodyOwedByReceivables',
    'no receivable was paid beyond what was owed',
    Prisma.sql`SELECT a.path AS what FROM account a JOIN posting p ON p.account_id = a.id
      WHERE a.kind IN ('lineSetAside', 'receivable', 'receivableDisputed', 'arrears') GROUP BY a.id HAVING sum(p.credit_units) > sum(p.debit_units)`,
  ),
  chain,
];
