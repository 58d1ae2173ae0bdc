import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { askDirectly } from '#lib/platform/direct-statements.ts';
import type { Elsewhere } from './elsewhere.ts';

// The engine's door to what organisations have in other pools than the one that it decides for, within its own transaction.

type ReservedRow = {
  organisation_id: string;
  project_id: string | null;
  cards: number;
  start_at: Date;
  end_at: Date | null;
};
type SetAsideRow = { organisation_id: string; holder_id: string; month: string; amount: bigint };

const fromReservedRow = (row: ReservedRow): Elsewhere['reserved'][number] => ({
  projectId: row.project_id === null ? null : idFrom('project', row.project_id),
  cards: row.cards,
  interval: { startAt: fromDate(row.start_at), endAt: row.end_at === null ? null : fromDate(row.end_at) },
});

const fromSetAsideRow = (row: SetAsideRow): Elsewhere['setAside'][number] => ({
  holderId: row.holder_id,
  month: present(parseMonth(row.month), `month ${row.month}`),
  amountUnits: units(row.amount),
});

/**
 * What organisations have reserved in other pools, and what they set aside there since the month of `since`: the latter of those
 * alone that a monthly limit holds, as it is summed from the journals.
 */
export async function readElsewhere(
  tx: Tx,
  poolId: Id<'pool'>,
  organisationIds: readonly string[],
  since: Instant,
): Promise<Map<Id<'organisation'>, Elsewhere>> {
  if (organisationIds.length === 0) return new Map();
  const [reserved, setAside] = await Promise.all([
    askDirectly<ReservedRow>(
      tx,
      Prisma.sql`
        SELECT organisation_id, project_id, cards, start_at, end_at FROM reservation
        WHERE organisation_id = ANY(${organisationIds}::text[]) AND state IN ('confirmed', 'active') AND pool_id <> ${poolId}
        ORDER BY start_at, id`,
    ),
    askDirectly<SetAsideRow>(
      tx,
      Prisma.sql`
        SELECT j.organisation_id, h.holder_id, shanghai_month(j.effective_at) AS month, sum(p.credit_units)::bigint AS amount
        FROM organisation o JOIN journal j ON j.organisation_id = o.id
          JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
          JOIN reservation r ON r.id = j.source->>'reservation'
          CROSS JOIN LATERAL (VALUES (j.organisation_id), (r.project_id)) AS h (holder_id)
        WHERE o.id = ANY(${organisationIds}::text[])
          AND (o.monthly_spending_limit_units IS NOT NULL
            OR EXISTS (SELECT FROM project q WHERE q.organisation_id = o.id AND q.monthly_spending_limit_units IS NOT NULL))
          AND j.kind IN ('holdPlaced', 'commitmentPaid', 'gracePlaced') AND a.kind IN ('hold', 'commitment')
          AND r.pool_id <> ${poolId} AND h.holder_id IS NOT NULL
          AND shanghai_month(j.effective_at) >= shanghai_month(${toDate(since)}::timestamptz)
          AND j.effective_at >= ${toDate(since)}::timestamptz - interval '32 days'
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    ),
  ]);
  const reservedOf = Map.groupBy(reserved, (row) => row.organisation_id);
  const setAsideOf = Map.groupBy(setAside, (row) => row.organisation_id);
  return new Map(
    [...new Set([...reservedOf.keys(), ...setAsideOf.keys()])].map((id) => [
      idFrom('organisation', id),
      {
        reserved: (reservedOf.get(id) ?? []).map(fromReservedRow),
        setAside: (setAsideOf.get(id) ?? []).map(fromSetAsideRow),
      },
    ]),
  );
}
