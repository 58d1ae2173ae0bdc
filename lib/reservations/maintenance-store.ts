import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import type { Lifecycle } from '#lib/inventory/lifecycle.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { DrainOutcome, Handling, WindowCardState, WindowState } from './maintenance-types.ts';
import type { WindowRow } from './maintenance-view-types.ts';

const instantOf = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

/** A drain plan as it was kept; null when there is none. */
export async function findDrainPlanRow(tx: Tx, id: string) {
  const row = await tx.drainPlan.findUnique({
    where: { id },
    select: {
      id: true,
      poolId: true,
      cardIds: true,
      startAt: true,
      endAt: true,
      planVersion: true,
      madeBy: true,
      madeAt: true,
      outcome: true,
    },
  });
  if (!row) return null;
  const outcome: unknown = row.outcome;
  return {
    ...row,
    id: idFrom('drainPlan', row.id),
    poolId: idFrom('pool', row.poolId),
    interval: { startAt: fromDate(row.startAt), endAt: instantOf(row.endAt) },
    madeAt: fromDate(row.madeAt),
    outcome: outcome as DrainOutcome,
  };
}

/** Names of reservations and of whose they are. */
export async function readHitNames(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { readonly name: string; readonly organisation: string }>> {
  const rows = await tx.$queryRaw<{ id: string; name: string; organisation: string }[]>`
    SELECT r.id, r.name, o.name AS organisation FROM reservation r JOIN organisation o ON o.id = r.organisation_id
    WHERE r.id = ANY(${[...ids]}::text[])`;
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

/** The name behind an actor's label, or the label. */
export async function readActorName(tx: Tx, actor: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ name: string }[]>`
    SELECT name FROM user_account WHERE ${actor} = 'user:' || id`;
  return row?.name ?? actor;
}

/** The paths of servers of a pool, by their ordinals. */
export async function readServerPaths(
  tx: Tx,
  poolId: string,
  ordinals: readonly number[],
): Promise<Map<number, string>> {
  const rows = await tx.$queryRaw<{ ordinal: number; path: string }[]>`
    SELECT s.ordinal, p.path FROM server_host s JOIN place p ON p.id = s.place_id
    WHERE s.pool_id = ${poolId} AND s.ordinal = ANY(${[...ordinals]}::int[])`;
  return new Map(rows.map(({ ordinal, path }) => [ordinal, path]));
}

/** The servers of cards, in walking order. */
export async function readServersOf(tx: Tx, cardIds: readonly string[]): Promise<{ id: string; path: string }[]> {
  return tx.$queryRaw<{ id: string; path: string }[]>`
    SELECT DISTINCT p.id, p.path FROM card c JOIN place p ON p.id = c.server_id
    WHERE c.id = ANY(${[...cardIds]}::text[]) ORDER BY p.path`;
}

type RawWindow = {
  id: string;
  pool_id: string;
  start_at: Date;
  end_at: Date | null;
  handling: string;
  reason: string;
  state: string;
  planned_by: string;
  planned_at: Date;
  ended_at: Date | null;
  servers: WindowRow['servers'];
  counts: WindowRow['counts'];
};

function fromRaw(row: RawWindow): WindowRow {
  return {
    id: idFrom('maintenanceWindow', row.id),
    poolId: idFrom('pool', row.pool_id),
    interval: { startAt: fromDate(row.start_at), endAt: instantOf(row.end_at) },
    handling: row.handling as Handling,
    reason: row.reason,
    state: row.state as WindowState,
    plannedBy: row.planned_by,
    plannedAt: fromDate(row.planned_at),
    endedAt: instantOf(row.ended_at),
    servers: row.servers,
    counts: row.counts,
  };
}

const WINDOW_COLUMNS = Prisma.sql`w.id, w.pool_id, w.start_at, w.end_at, w.handling, w.reason, w.state,
  coalesce(u.name, w.planned_by) AS planned_by, w.planned_at, w.ended_at, servers.list AS servers, counts.list AS counts
  FROM maintenance_window w LEFT JOIN user_account u ON w.planned_by = 'user:' || u.id
  CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'path', s.path) ORDER BY s.path) AS list FROM (
    SELECT DISTINCT p.id, p.path FROM maintenance_card m JOIN card c ON c.id = m.card_id JOIN place p ON p.id = c.server_id
    WHERE m.window_id = w.id) s) servers
  CROSS JOIN LATERAL (SELECT jsonb_build_object(
      'planned', count(*) FILTER (WHERE m.state = 'planned'), 'waiting', count(*) FILTER (WHERE m.state = 'waiting'),
      'taken', count(*) FILTER (WHERE m.state = 'taken'), 'returned', count(*) FILTER (WHERE m.state = 'returned'),
      'left', count(*) FILTER (WHERE m.state = 'left'), 'missed', count(*) FILTER (WHERE m.state = 'missed'),
      'skipped', count(*) FILTER (WHERE m.state = 'skipped')) AS list
    FROM maintenance_card m WHERE m.window_id = w.id) counts`;

/** A page of windows in some states: the next to begin first, or, of those that are over, the last to end. */
export async function readWindows(
  tx: Tx,
  states: readonly WindowState[],
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: WindowRow[]; total: number }> {
  const total = await tx.maintenanceWindow.count({ where: { state: { in: [...states] } } });
  const rows = await tx.$queryRaw<RawWindow[]>`
    SELECT ${WINDOW_COLUMNS} WHERE w.state = ANY(${[...states]}::text[])
    ORDER BY w.ended_at DESC NULLS FIRST, w.start_at, w.id OFFSET ${page.skip} LIMIT ${page.take}`;
  return { rows: rows.map(fromRaw), total };
}

/** One window; null when there is none. */
export async function findWindowRow(tx: Tx, id: string): Promise<WindowRow | null> {
  const [row] = await tx.$queryRaw<RawWindow[]>`SELECT ${WINDOW_COLUMNS} WHERE w.id = ${id}`;
  return row ? fromRaw(row) : null;
}

type WindowCardRow = { cardId: string; path: string; slot: number; state: WindowCardState; lifecycle: Lifecycle };

/** The cards of a window, in walking order. */
export async function readWindowCards(tx: Tx, id: string): Promise<WindowCardRow[]> {
  return tx.$queryRaw<WindowCardRow[]>`
    SELECT c.id AS "cardId", p.path, c.slot, m.state, c.lifecycle
    FROM maintenance_card m JOIN card c ON c.id = m.card_id JOIN place p ON p.id = c.server_id
    WHERE m.window_id = ${id} ORDER BY c.ordinal`;
}
