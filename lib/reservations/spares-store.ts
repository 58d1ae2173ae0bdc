import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { SparesView } from './maintenance-view-types.ts';
import type { SpareCandidate } from './spare-choice.ts';

type SparesRow = Omit<SparesView, 'poolId' | 'setAt'> & { poolId: string; setAt: Date | null };

/** A card that would take new work at once. */
const WORKS = Prisma.sql`c.lifecycle = 'in_service' AND c.takes_new_work AND c.probation_until IS NULL
  AND c.health IN ('healthy', 'degraded')`;

const heldFrom = (now: Instant) => Prisma.sql`EXISTS (SELECT FROM allocation a WHERE a.card_id = c.id
  AND a.during && tstzrange(${toDate(now)}::timestamptz, NULL))`;

/** The spares of every pool. */
export async function readSpares(tx: Tx, now: Instant): Promise<SparesView[]> {
  const rows = await tx.$queryRaw<SparesRow[]>`
    SELECT p.id AS "poolId", p.spare_bps AS "shareBps", p.spares_set_by AS "setBy", p.spares_set_at AS "setAt",
      count(*) FILTER (WHERE c.commercial = 'on-sale')::int AS "onSale",
      count(*) FILTER (WHERE c.commercial = 'spare')::int AS cards,
      count(*) FILTER (WHERE c.commercial = 'spare' AND ${WORKS} AND NOT ${heldFrom(now)})::int AS ready,
      count(*) FILTER (WHERE c.commercial = 'spare' AND ${heldFrom(now)})::int AS "inUse"
    FROM pool p JOIN card c ON c.pool_id = p.id GROUP BY p.id ORDER BY p.id`;
  return rows.map(({ poolId, setAt, ...row }) => ({
    ...row,
    poolId: idFrom('pool', poolId),
    setAt: setAt === null ? null : fromDate(setAt),
  }));
}

/** The cards of a pool in their order, as the choice of spares sees them. */
export async function readSpareCandidates(tx: Tx, poolId: string, now: Instant): Promise<SpareCandidate[]> {
  return tx.$queryRaw<SpareCandidate[]>`
    SELECT n.parent_id AS "podId", c.commercial = 'on-sale' AS "isOnSale", c.commercial = 'spare' AS "isSpare",
      (${WORKS} AND NOT ${heldFrom(now)} AND NOT EXISTS (SELECT FROM maintenance_card m JOIN maintenance_window w ON w.id = m.window_id
        WHERE m.card_id = c.id AND w.state IN ('planned', 'running'))) AS "isFree"
    FROM card c JOIN place s ON s.id = c.server_id JOIN place n ON n.id = s.parent_id
    WHERE c.pool_id = ${poolId} ORDER BY c.ordinal`;
}
