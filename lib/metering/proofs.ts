import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery, proofBySum } from '#lib/platform/proof-query.ts';

/**
 * Up to where the seconds of an allocation must be accounted for: to its end once settled, else to the last hour that is
 * noted as charged; before a pool's first, for nothing yet. The hour after it may be charged already, for all customers or
 * some: it is noted when all of them are.
 */
const ACCOUNTED = Prisma.sql`
  SELECT a.id, a.card_id, a.start_at,
    CASE WHEN r.settled_at IS NOT NULL THEN a.end_at
      ELSE least(coalesce(a.end_at, 'infinity'), coalesce(
        (SELECT max(h.hour_at) + interval '1 hour' FROM metered_hour h WHERE h.pool_id = a.pool_id), a.start_at)) END AS until
  FROM allocation a JOIN reservation r ON r.id = a.reservation_id WHERE r.state IN ('active', 'ended')`;

/** What must hold of evidence and usage at any time. */
export const METERING_PROOFS: readonly Proof<Tx>[] = [
  proofBySum(
    'cardSecondsAccounted',
    'every second of every allocation is charged as used or recorded as down, to the last charged hour',
    Prisma.sql`SELECT what, abs(due - charged) + beyond AS amount FROM (
        SELECT x.id AS what, greatest(0, coalesce(extract(epoch FROM x.until - x.start_at), 0)) AS due,
          coalesce(sum(u.used_seconds + u.down_seconds) FILTER (WHERE u.hour_at < x.until), 0) AS charged,
          coalesce(sum(u.used_seconds + u.down_seconds) FILTER (WHERE u.hour_at > x.until), 0) AS beyond
        FROM (${ACCOUNTED}) x LEFT JOIN usage_charge u ON u.allocation_id = x.id GROUP BY x.id, x.until, x.start_at) s
      WHERE due <> charged OR beyond <> 0`,
  ),
  proofByQuery(
    'cardHoursConserved',
    'no card has more than 3,600 used and down seconds in a clock hour',
    Prisma.sql`SELECT card_id AS what FROM usage_charge GROUP BY card_id, hour_at HAVING sum(used_seconds + down_seconds) > 3600`,
  ),
  proofByQuery(
    'evidenceInside',
    'evidence lies inside its allocation, unless it has no length and proves nothing',
    Prisma.sql`SELECT e.id::text AS what FROM evidence e JOIN allocation a ON a.id = e.allocation_id
      WHERE (e.start_at < a.start_at OR e.end_at > a.end_at) AND (e.end_at IS NULL OR e.end_at > e.start_at)`,
  ),
  proofByQuery(
    'evidenceDisjoint',
    'no card is proven for two allocations at once',
    Prisma.sql`SELECT id::text AS what FROM (
        SELECT id, start_at, max(coalesce(end_at, 'infinity')) OVER (PARTITION BY card_id ORDER BY start_at, id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
        FROM evidence WHERE end_at IS NULL OR end_at > start_at) e
      WHERE start_at < taken_until`,
  ),
  proofByQuery(
    'usageProven',
    'the used seconds of every ended allocation are the seconds of its evidence, as corrected',
    Prisma.sql`SELECT a.id AS what FROM allocation a JOIN reservation r ON r.id = a.reservation_id AND r.settled_at IS NOT NULL
      LEFT JOIN (SELECT allocation_id, sum(extract(epoch FROM end_at - start_at)) AS proven FROM evidence GROUP BY 1) e ON e.allocation_id = a.id
      LEFT JOIN (SELECT allocation_id, sum(used_seconds) AS used FROM usage_charge GROUP BY 1) u ON u.allocation_id = a.id
      WHERE CASE WHEN EXISTS (SELECT FROM evidence_correction c WHERE c.allocation_id = a.id)
        THEN corrected_seconds(a.id, a.start_at, a.end_at, a.end_at) ELSE coalesce(e.proven, 0) END <> coalesce(u.used, 0)`,
  ),
  proofByQuery(
    'hoursCharged',
    'every allocation has a charge for every clock hour that it touches, to the last charged hour',
    Prisma.sql`SELECT x.id AS what FROM (${ACCOUNTED}) x
      LEFT JOIN usage_charge u ON u.allocation_id = x.id AND u.revision = 0 AND u.hour_at < x.until
      WHERE x.until > x.start_at GROUP BY x.id, x.start_at, x.until
      HAVING count(u.*) <> ceil(extract(epoch FROM x.until) / 3600) - floor(extract(epoch FROM x.start_at) / 3600)`,
  ),
  proofByQuery(
    'cardsChargedOnce',
    'no card is charged twice for the same second',
    Prisma.sql`SELECT DISTINCT card_id AS what FROM (
        SELECT card_id, start_at, max(start_at + make_interval(secs => used_seconds + down_seconds)) OVER (PARTITION BY card_id
          ORDER BY start_at, hour_at, allocation_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS charged_until
        FROM usage_charge WHERE revision = 0 AND used_seconds + down_seconds > 0) c
      WHERE start_at < charged_until`,
  ),
  proofByQuery(
    'chargesFillTheHour',
    'a charge covers its allocation’s part of its hour, used and down, and not a second else: the rest of the card’s 3,600 is free, away or another’s',
    Prisma.sql`SELECT u.allocation_id AS what FROM usage_charge u JOIN allocation a ON a.id = u.allocation_id
      WHERE u.revision = 0 AND u.used_seconds + u.down_seconds <> greatest(0, extract(epoch FROM
          least(coalesce(a.end_at, 'infinity'), u.hour_at + interval '1 hour') - greatest(a.start_at, u.hour_at)))
        OR u.card_id <> a.card_id`,
  ),
];
