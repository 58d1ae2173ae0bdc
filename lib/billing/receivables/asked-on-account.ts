import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import { dueDaysAt } from './ageing.ts';
import { readDueDays } from './store.ts';
import type { AskedOnAccount } from './types.ts';

/**
 * What organisations used on account in a month, with what was put right and credited of it, as far as they still owe so much; and the
 * days within which they pay, as of the invoice's issue. Who owes nothing for the month is not among them.
 */
export async function readAskedOnAccount(
  tx: Tx,
  month: Month,
  issuedAt: Instant,
): Promise<Map<Id<'organisation'>, AskedOnAccount>> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<{ organisation_id: string; owed: bigint; used: bigint }[]>`
    SELECT m.organisation_id, least(m.used_units + c.corrected - s.credited, -a.balance_units) AS owed,
      m.used_units + c.corrected - s.credited AS used FROM on_account_month m
      JOIN account a ON a.path = 'ar:' || m.organisation_id || ':open'
      CROSS JOIN LATERAL (SELECT coalesce(sum(p.debit_units - p.credit_units), 0)::bigint AS corrected
        FROM journal j JOIN posting p ON p.journal_id = j.id AND p.account_id = a.id
        WHERE j.organisation_id = m.organisation_id AND j.kind = 'usageCorrected'
          AND j.effective_at >= ${toDate(startAt)}::timestamptz AND j.effective_at < ${toDate(endAt)}::timestamptz) c
      CROSS JOIN LATERAL (SELECT coalesce(sum(k.owed_units), 0)::bigint AS credited FROM sla_credit k
        WHERE k.organisation_id = m.organisation_id AND k.month = m.month
          AND k.effective_at >= ${toDate(startAt)}::timestamptz AND k.effective_at < ${toDate(endAt)}::timestamptz) s
    WHERE m.month = ${month} AND least(m.used_units + c.corrected - s.credited, -a.balance_units) > 0 ORDER BY 1`;
  if (rows.length === 0) return new Map();
  const terms = await readDueDays(tx, null);
  return new Map(
    rows.map(({ organisation_id, owed, used }) => [
      idFrom('organisation', organisation_id),
      {
        owedUnits: units(owed),
        settledUnits: units(used - owed),
        dueDays: dueDaysAt(terms.get(organisation_id) ?? [], issuedAt),
      },
    ]),
  );
}
