import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { StaffFilter, StaffReservation } from './ops-types.ts';
import type { ReservationState } from './types.ts';

type Row = {
  id: string;
  name: string;
  organisation_id: string;
  organisation: string;
  pool_id: string;
  purchase: string;
  cards: number;
  topology: string;
  state: string;
  is_bound: boolean;
  missing: number;
  start_at: Date;
  end_at: Date | null;
  ended_at: Date | null;
};

function fromRow(row: Row): StaffReservation {
  return {
    id: idFrom('reservation', row.id),
    name: row.name,
    organisationId: idFrom('organisation', row.organisation_id),
    organisationName: row.organisation,
    poolId: idFrom('pool', row.pool_id),
    purchase: row.purchase as StaffReservation['purchase'],
    cards: row.cards,
    topology: row.topology as StaffReservation['topology'],
    state: row.state as ReservationState,
    isBound: row.is_bound,
    missingCards: row.missing,
    startAt: fromDate(row.start_at),
    endAt: row.end_at === null ? null : fromDate(row.end_at),
    endedAt: row.ended_at === null ? null : fromDate(row.ended_at),
  };
}

/** Reservations of everybody: running ones first, then those to come by their start, then the others, newest first. */
export async function readStaffReservations(
  tx: Tx,
  { states, poolId, text }: StaffFilter,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: StaffReservation[]; total: number }> {
  const from = Prisma.sql`reservation r JOIN organisation o ON o.id = r.organisation_id
    WHERE r.state = ANY(${[...states]}::text[]) AND coalesce(r.pool_id = ${poolId}::text, true)
      AND (${text} = '' OR r.id = ${text} OR position(lower(${text}) IN lower(r.name)) > 0 OR position(lower(${text}) IN lower(o.name)) > 0)`;
  const [count] = await tx.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM ${from}`;
  const rows = await tx.$queryRaw<Row[]>`
    SELECT r.id, r.name, r.organisation_id, o.name AS organisation, r.pool_id, r.purchase, r.cards, r.topology, r.state, r.is_bound,
      jsonb_array_length(r.lost)::int AS missing, r.start_at, r.end_at, r.ended_at
    FROM ${from} ORDER BY CASE r.state WHEN 'active' THEN 0 WHEN 'confirmed' THEN 1 ELSE 2 END,
      CASE WHEN r.state = 'confirmed' THEN r.start_at END, r.start_at DESC, r.id DESC
    OFFSET ${page.skip} LIMIT ${page.take}`;
  return { rows: rows.map(fromRow), total: count?.total ?? 0 };
}
