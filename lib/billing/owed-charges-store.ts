import 'server-only';
import { units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { OwedCharges, Owing } from './documents/outstanding.ts';
import { owingOf } from './documents/outstanding.ts';
import type { ExportMonth } from './month-store.ts';

/**
 * Who of a month's accounts is on account: by the invoice, or before it everybody with such an account. Of a month that is
 * closed only the invoices count, so that nothing that happens later changes its files.
 */
export async function readOwing(tx: Tx, { accounts, closedAt }: ExportMonth): Promise<Map<string, Owing>> {
  const owing = new Map<string, Owing>();
  const open: string[] = [];
  for (const { id, record } of accounts.values()) {
    const asked = record && owingOf(record.snapshot);
    if (asked) owing.set(id, asked);
    else if (record === null && closedAt === null) open.push(id);
  }
  if (open.length === 0) return owing;
  const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
    SELECT organisation_id FROM account WHERE kind = 'receivable' AND organisation_id = ANY(${open}::text[])`;
  for (const { organisation_id } of rows) owing.set(organisation_id, { settledUnits: units(0n), askedUnits: null });
  return owing;
}

/**
 * How charges were paid, by their journals: an hour that left a hold on account became owed by a journal of its own, and
 * what was put right by the part that it moved there. It says nothing of how the reservation would be paid today.
 */
export async function readOwedCharges(tx: Tx, journalKeys: readonly string[]): Promise<OwedCharges> {
  const rows = await tx.$queryRaw<{ key: string; owed: bigint | null }[]>`
    WITH asked AS MATERIALIZED (SELECT DISTINCT key FROM unnest(${[...journalKeys]}::text[]) AS k (key))
    SELECT k.key, NULL::bigint AS owed FROM asked k JOIN journal o ON o.key = 'owed:' || k.key AND o.kind = 'postpaidAccrued'
    UNION ALL
    SELECT k.key, sum(p.debit_units - p.credit_units)::bigint FROM asked k JOIN journal j ON j.key = k.key AND j.kind = 'usageCorrected'
      JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id AND a.kind = 'receivable' GROUP BY 1`;
  return {
    whole: new Set(rows.filter(({ owed }) => owed === null).map(({ key }) => key)),
    parts: new Map(rows.flatMap(({ key, owed }) => (owed === null ? [] : [[key, units(owed)]]))),
  };
}
