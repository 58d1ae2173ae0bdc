import 'server-only';
import { toDate } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { CloseRefusal } from './types.ts';

/** How many things a query names in its column `what`, and the first of them. */
async function countOf(tx: Tx, query: Prisma.Sql): Promise<{ count: number; example: string }> {
  const [row] = await tx.$queryRaw<{ count: number; example: string | null }[]>`
    SELECT count(*)::int AS count, min(what) AS example FROM (${query}) AS found`;
  return { count: row?.count ?? 0, example: row?.example ?? '' };
}

/**
 * What is wrong with a month's charges: first an allocation without a charge for an hour that it touches (the gap detector),
 * then a card that is charged twice for a second. Both are empty while the run does its work; null when nothing is wrong.
 */
export async function findChargeFault(tx: Tx, month: Month): Promise<CloseRefusal | null> {
  const { startAt, endAt } = monthInterval(month);
  const [from, to] = [Prisma.sql`${toDate(startAt)}::timestamptz`, Prisma.sql`${toDate(endAt)}::timestamptz`];
  const charged = Prisma.sql`FROM usage_charge WHERE counts_at >= ${from} AND counts_at < ${to} AND revision = 0`;
  const gaps = await countOf(
    tx,
    Prisma.sql`
      SELECT x.id AS what FROM (
        SELECT a.id, greatest(a.start_at, ${from}) AS from_at, least(coalesce(a.end_at, 'infinity'), ${to}) AS to_at
        FROM allocation a JOIN reservation r ON r.id = a.reservation_id
        WHERE r.state IN ('active', 'ended') AND a.start_at < ${to} AND coalesce(a.end_at, 'infinity') > ${from}) x
      LEFT JOIN (SELECT allocation_id, hour_at ${charged}) u ON u.allocation_id = x.id AND u.hour_at < x.to_at
      WHERE x.from_at < x.to_at GROUP BY x.id, x.from_at, x.to_at
      HAVING count(u.hour_at) <> ceil(extract(epoch FROM x.to_at) / 3600) - floor(extract(epoch FROM x.from_at) / 3600)`,
  );
  if (gaps.count > 0) return { code: 'usageIncomplete', allocations: gaps.count, example: gaps.example };
  const twice = await countOf(
    tx,
    Prisma.sql`
      SELECT DISTINCT card_id AS what FROM (
        SELECT card_id, start_at, max(start_at + make_interval(secs => used_seconds + down_seconds)) OVER (PARTITION BY card_id
          ORDER BY start_at, hour_at, allocation_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS charged_until
        ${charged} AND used_seconds + down_seconds > 0) c
      WHERE start_at < charged_until`,
  );
  return twice.count > 0 ? { code: 'chargedTwice', cards: twice.count, example: twice.example } : null;
}
