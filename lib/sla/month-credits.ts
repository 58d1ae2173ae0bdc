import 'server-only';
import { units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { MonthCredits } from './types.ts';

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
