import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma } from '#lib/platform/db.ts';

/** The charges that count in a month, of one organisation or with null of all, as a query. */
export function chargesOf(month: Month, organisationId: Id<'organisation'> | null = null): Prisma.Sql {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND organisation_id = ${organisationId}`;
  return Prisma.sql`
    SELECT * FROM usage_charge WHERE counts_at >= ${toDate(startAt)}::timestamptz AND counts_at < ${toDate(endAt)}::timestamptz ${whose}`;
}
