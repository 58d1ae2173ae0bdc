import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { type Month, monthInterval, parseMonth } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { readCredits } from './store.ts';
import type { CountedCredit, FoundCredit, MonthCredits } from './types.ts';

// The door for billing to the credits of a month, within its own transaction.

/**
 * Whether every credit of a month is given, with everything that was put right by now, and what they come to. A month before
 * the first published table has nothing to give.
 */
export async function readMonthCredits(tx: Tx, month: Month): Promise<MonthCredits> {
  const [row] = await tx.$queryRaw<{ given: boolean; count: number; amount: bigint }[]>`
    SELECT coalesce((SELECT m.put_right = (SELECT count(*) FROM usage_charge u WHERE u.late_at IS NOT NULL AND shanghai_month(u.hour_at) = m.month)
        FROM sla_month m WHERE m.month = ${month}),
      NOT EXISTS (SELECT FROM sla_policy p WHERE p.state = 'approved' AND p.valid_from COLLATE "C" <= ${month})) AS given,
      (SELECT count(*)::int FROM sla_credit c WHERE c.month = ${month}) AS count,
      (SELECT coalesce(sum(c.amount_units), 0)::bigint FROM sla_credit c WHERE c.month = ${month}) AS amount`;
  return { isGiven: row?.given ?? false, count: row?.count ?? 0, amountUnits: units(row?.amount ?? 0n) };
}

/** The credits that count in a month, of one organisation or with null of all, in the order of their keys. */
export async function readCountedCredits(
  tx: Tx,
  month: Month,
  organisationId: Id<'organisation'> | null,
): Promise<CountedCredit[]> {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND c.organisation_id = ${organisationId}`;
  const rows = await tx.$queryRaw<
    {
      journal_key: string;
      organisation_id: string;
      reservation_id: string;
      name: string;
      project_id: string | null;
      sku_id: string;
      month: string;
      at: Date;
      amount: bigint;
      owed: bigint;
    }[]
  >`
    SELECT c.journal_key, c.organisation_id, c.reservation_id, r.name, r.project_id, c.sku_id, c.month, c.effective_at AS at, c.amount_units AS amount,
      coalesce(c.owed_units, 0) AS owed
    FROM sla_credit c JOIN reservation r ON r.id = c.reservation_id
    WHERE c.effective_at >= ${toDate(startAt)}::timestamptz AND c.effective_at < ${toDate(endAt)}::timestamptz ${whose}
    ORDER BY c.journal_key COLLATE "C"`;
  return rows.map((row) => ({
    journalKey: row.journal_key,
    organisationId: idFrom('organisation', row.organisation_id),
    reservationId: idFrom('reservation', row.reservation_id),
    reservationName: row.name,
    projectId: row.project_id === null ? null : idFrom('project', row.project_id),
    skuId: idFrom('sku', row.sku_id),
    month: present(parseMonth(row.month), row.month),
    at: fromDate(row.at),
    amountUnits: units(row.amount),
    owedUnits: units(row.owed),
  }));
}

/** A credit by its id, with what was given of its month before it; null when there is none in sight. */
export async function findCredit(tx: Tx, id: string): Promise<FoundCredit | null> {
  const [credit] = await readCredits(tx, null, { id });
  if (!credit) return null;
  const { month, reservationId, revision } = credit;
  const before = (await readCredits(tx, null, { month, reservationId })).filter((each) => each.revision < revision);
  return { ...credit, givenBeforeUnits: units(before.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)) };
}
