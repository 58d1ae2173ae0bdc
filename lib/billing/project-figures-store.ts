import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What a project has and does. */
export type ProjectFigures = {
  /** Cards of its running reservations. */
  readonly cards: number;
  /** Charged for hours of the month. */
  readonly spentUnits: Units;
  /** Set aside in the month: what its limit counts, whether or not some of it returned. */
  readonly committedUnits: Units;
};

/** The figures of an organisation's projects in a month, by project; one that has none is absent. */
export async function readProjectFigures(
  tx: Tx,
  organisationId: Id<'organisation'>,
  { startAt, endAt }: ClosedInterval,
): Promise<Map<string, ProjectFigures>> {
  const [from, to] = [toDate(startAt), toDate(endAt)];
  const rows = await tx.$queryRaw<{ id: string; cards: number; spent: bigint; committed: bigint }[]>`
    WITH own AS (
      SELECT id, project_id, CASE WHEN state = 'active' THEN cards ELSE 0 END AS cards FROM reservation
      WHERE organisation_id = ${organisationId} AND project_id IS NOT NULL),
    spent AS (
      SELECT reservation_id, sum(amount_units) AS amount FROM usage_charge
      WHERE organisation_id = ${organisationId} AND counts_at >= ${from}::timestamptz AND counts_at < ${to}::timestamptz
      GROUP BY 1),
    committed AS (
      SELECT j.source->>'reservation' AS reservation_id, sum(p.credit_units) AS amount
      FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
      WHERE j.organisation_id = ${organisationId} AND j.kind IN ('holdPlaced', 'commitmentPaid')
        AND a.kind IN ('hold', 'commitment')
        AND j.effective_at >= ${from}::timestamptz AND j.effective_at < ${to}::timestamptz
      GROUP BY 1)
    SELECT own.project_id AS id, sum(own.cards)::int AS cards, coalesce(sum(spent.amount), 0)::bigint AS spent,
      coalesce(sum(committed.amount), 0)::bigint AS committed
    FROM own LEFT JOIN spent ON spent.reservation_id = own.id LEFT JOIN committed ON committed.reservation_id = own.id
    GROUP BY 1`;
  return new Map(
    rows.map(({ id, cards, spent, committed }) => [
      id,
      { cards, spentUnits: units(spent), committedUnits: units(committed) },
    ]),
  );
}
