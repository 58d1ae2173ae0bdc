import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { arrearsPaid } from './arrears-templates.ts';
import { chart } from './chart.ts';
import { lockWallets, post } from './posting.ts';

// The door for other modules to what is owed for hours of grace, within their own transaction.

/** Opens the accounts of what grace lends, so that its first posting finds them without a floor. */
export async function openArrears(tx: Tx, organisationIds: readonly Id<'organisation'>[]): Promise<void> {
  for (const id of new Set(organisationIds))
    await tx.$executeRaw`SELECT ledger_open_arrears(${chart.arrears(id).path}, ${id})`;
}

/**
 * Pays what is owed as far as the wallet goes, and answers how much that was. For transactions that have just moved the
 * wallet: its lock is held, so that nobody else pays the same debt.
 */
export async function payArrears(ctx: Ctx, tx: Tx, organisationId: Id<'organisation'>): Promise<Units> {
  const [row] = await tx.$queryRaw<{ amount: bigint; postings: bigint }[]>`
    SELECT least(w.balance_units, -d.balance_units) AS amount, d.posting_count AS postings
    FROM account d JOIN account w ON w.organisation_id = d.organisation_id AND w.kind = 'wallet'
    WHERE d.organisation_id = ${organisationId} AND d.kind = 'arrears' AND d.balance_units < 0 AND w.balance_units > 0`;
  if (!row) return units(0n);
  await post(ctx, tx, [arrearsPaid(organisationId, row.postings, units(row.amount), ctx.now)]);
  return units(row.amount);
}

/** Organisations that owe and have something in their wallet, by whatever way it came there. */
export async function readPayingDebtors(tx: Tx): Promise<Id<'organisation'>[]> {
  const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
    SELECT d.organisation_id FROM account d JOIN account w ON w.organisation_id = d.organisation_id AND w.kind = 'wallet'
    WHERE d.kind = 'arrears' AND d.balance_units < 0 AND w.balance_units > 0 ORDER BY 1`;
  return rows.map((row) => row.organisation_id as Id<'organisation'>);
}

/** Pays the debts of organisations out of their wallets, locked first. For the engine, which nobody's payment called. */
export async function payDebts(ctx: Ctx, tx: Tx, organisationIds: readonly Id<'organisation'>[]): Promise<void> {
  if (organisationIds.length === 0) return;
  await lockWallets(tx, organisationIds);
  for (const id of organisationIds) await payArrears(ctx, tx, id);
}

/** What an organisation may spend and what it owes for hours of grace, in 1e-8 yuan. */
export type Means = {
  readonly spendableUnits: Units;
  readonly owedUnits: Units;
  /** What the wallet holds beyond what is owed, without any credit line. */
  readonly unspentUnits: Units;
};

/** The means of organisations; who never had a wallet is not among them. */
export async function readMeans(tx: Tx, organisationIds: readonly string[]): Promise<Map<string, Means>> {
  const rows = await tx.$queryRaw<{ organisation_id: string; spendable: bigint; owed: bigint; unspent: bigint }[]>`
    SELECT w.organisation_id, w.balance_units - w.minimum_units + coalesce(d.balance_units, 0) AS spendable, -coalesce(d.balance_units, 0) AS owed,
      w.balance_units + coalesce(d.balance_units, 0) AS unspent
    FROM account w LEFT JOIN account d ON d.organisation_id = w.organisation_id AND d.kind = 'arrears'
    WHERE w.kind = 'wallet' AND w.organisation_id = ANY(${organisationIds}::text[])`;
  return new Map(
    rows.map((row) => [
      row.organisation_id,
      { spendableUnits: units(row.spendable), owedUnits: units(row.owed), unspentUnits: units(row.unspent) },
    ]),
  );
}

/** The organisations that owe for hours of grace. */
export async function readDebtors(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
    SELECT organisation_id FROM account WHERE kind = 'arrears' AND balance_units < 0`;
  return rows.map((row) => row.organisation_id);
}
