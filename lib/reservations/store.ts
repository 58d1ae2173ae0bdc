import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { BOOKED_COLUMNS, fromBookedRow } from './rows.ts';
import type { ReservationState } from './types.ts';
import type { ReservationView } from './view-types.ts';

const VIEW_COLUMNS = { ...BOOKED_COLUMNS, poolId: true, endedAt: true, endReason: true, settledAt: true } as const;

type ViewRow = Parameters<typeof fromBookedRow>[0] & {
  poolId: string;
  endedAt: Date | null;
  endReason: string | null;
  settledAt: Date | null;
};

function fromViewRow(row: ViewRow): ReservationView {
  const { lost, ...booked } = fromBookedRow(row).reservation;
  return {
    ...booked,
    poolId: idFrom('pool', row.poolId),
    state: row.state as ReservationState,
    missingCards: lost.length,
    endedAt: row.endedAt === null ? null : fromDate(row.endedAt),
    endReason: row.endReason as ReservationView['endReason'],
    settledAt: row.settledAt === null ? null : fromDate(row.settledAt),
  };
}

/** Which reservations; without an organisation, everybody's (staff). */
export type ReservationFilter = {
  readonly organisationId: Id<'organisation'> | null;
  readonly states?: readonly ReservationState[];
  readonly poolId?: string;
  readonly projectId?: string;
};

const whereOf = ({ organisationId, states, poolId, projectId }: ReservationFilter) => ({
  ...(organisationId === null ? {} : { organisationId }),
  ...(states ? { state: { in: [...states] } } : {}),
  ...(poolId ? { poolId } : {}),
  ...(projectId ? { projectId } : {}),
});

/** A page of reservations, newest first, and how many there are. */
export async function readReservations(
  tx: Tx,
  filter: ReservationFilter,
  skip: number,
  take: number,
): Promise<{ rows: ReservationView[]; total: number }> {
  const where = whereOf(filter);
  const total = await tx.reservation.count({ where });
  const rows = await tx.reservation.findMany({
    where,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip,
    take,
    select: VIEW_COLUMNS,
  });
  return { rows: rows.map(fromViewRow), total };
}

/** One reservation; null when the filter's organisation has none of that id. */
export async function readReservation(tx: Tx, filter: ReservationFilter, id: string): Promise<ReservationView | null> {
  const row = await tx.reservation.findFirst({ where: { ...whereOf(filter), id }, select: VIEW_COLUMNS });
  return row ? fromViewRow(row) : null;
}

/** Of these ids, those of reservations that the filter's organisation has. */
export async function readVisibleIds(tx: Tx, filter: ReservationFilter, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.reservation.findMany({
    where: { ...whereOf(filter), id: { in: [...ids] } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}
