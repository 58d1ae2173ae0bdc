import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma } from '#lib/platform/db.ts';

/**
 * The charges that a month bills, of one organisation or with null of all, as a query: those of its hours, without what
 * was stored after its close had begun, and what was stored for earlier hours after the close of theirs.
 */
export function chargesOf(month: Month, organisationId: Id<'organisation'> | null = null): Prisma.Sql {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND organisation_id = ${organisationId}`;
  return Prisma.sql`
    SELECT * FROM usage_charge WHERE hour_at >= ${toDate(startAt)}::timestamptz AND hour_at < ${toDate(endAt)}::timestamptz
      AND billed_in IS NULL ${whose}
    UNION ALL SELECT * FROM usage_charge WHERE billed_in = ${month} ${whose}`;
}
