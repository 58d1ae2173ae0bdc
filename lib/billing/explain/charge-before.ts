import 'server-only';
import { Prisma } from '#lib/platform/db.ts';

/**
 * The charge of an allocation that was booked before charge `u`, as a subquery of at most one row: of those in their turn,
 * whose hours were booked in order, and of those out of turn. Each is the first that its index finds; walking through all
 * charges of an allocation for each of them would take a month's square.
 */
export const CHARGE_BEFORE = Prisma.sql`
  SELECT b.weighted_seconds_to_date, b.charged_to_date_units FROM (
    (SELECT x.number, x.weighted_seconds_to_date, x.charged_to_date_units FROM usage_charge x
      WHERE x.allocation_id = u.allocation_id AND x.late_at IS NULL AND x.number < u.number
        AND x.hour_at < CASE WHEN u.late_at IS NULL THEN u.hour_at ELSE 'infinity' END
      ORDER BY x.hour_at DESC, x.revision DESC LIMIT 1)
    UNION ALL
    (SELECT x.number, x.weighted_seconds_to_date, x.charged_to_date_units FROM usage_charge x
      WHERE x.allocation_id = u.allocation_id AND x.late_at IS NOT NULL AND x.number < u.number ORDER BY x.number DESC LIMIT 1)
  ) b ORDER BY b.number DESC LIMIT 1`;
