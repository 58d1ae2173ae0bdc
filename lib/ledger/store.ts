import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What an organisation's locked accounts say, in 1e-8 yuan. */
export type WalletBalances = {
  /** Less what is owed, so below zero in arrears. */
  readonly spendableUnits: Units;
  /** Owed for hours of grace; the next money that comes pays it first. */
  readonly owedUnits: Units;
  readonly heldUnits: Units;
  readonly committedUnits: Units;
};

/** The cached balances of an organisation's wallet, holds and commitments, each summed over its accounts. */
export async function readWalletBalances(tx: Tx, organisationId: Id<'organisation'>): Promise<WalletBalances> {
  const rows = await tx.$queryRaw<{ kind: string; left: bigint }[]>`
    SELECT kind, sum(balance_units - CASE kind WHEN 'wallet' THEN minimum_units ELSE 0 END)::bigint AS left
    FROM account WHERE organisation_id = ${organisationId} AND kind IN ('wallet', 'arrears', 'hold', 'commitment', 'lineSetAside') GROUP BY kind`;
  const left = (kind: string): Units => units(rows.find((row) => row.kind === kind)?.left ?? 0n);
  const owed = left('arrears');
  return {
    spendableUnits: units(left('wallet') + owed),
    owedUnits: units(-owed),
    // What the line stands for was never the wallet's.
    heldUnits: units(left('hold') + left('lineSetAside')),
    committedUnits: left('commitment'),
  };
}

/** What was charged to an organisation in `[from, to)`: everything that left its holds and commitments as earned. */
export async function readCharged(tx: Tx, organisationId: Id<'organisation'>, period: ClosedInterval): Promise<Units> {
  const [row] = await tx.$queryRaw<{ charged: bigint | null }[]>`
    SELECT sum(p.debit_units - p.credit_units)::bigint AS charged FROM journal j
    JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.organisation_id = ${organisationId} AND j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')
      AND j.effective_at >= ${toDate(period.startAt)} AND j.effective_at < ${toDate(period.endAt)}
      AND a.kind IN ('hold', 'commitment', 'wallet', 'receivable')`;
  return units(row?.charged ?? 0n);
}
