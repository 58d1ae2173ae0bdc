import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { BOOKED_COLUMNS, fromBookedRow } from './rows.ts';
import type { EventKind, ReservationState } from './types.ts';
import type { AllocationView, EventView, ReservationView } from './view-types.ts';

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
};

const whereOf = ({ organisationId, states, poolId }: ReservationFilter) => ({
  ...(organisationId === null ? {} : { organisationId }),
  ...(states ? { state: { in: [...states] } } : {}),
  ...(poolId ? { poolId } : {}),
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
export async function findReservation(tx: Tx, filter: ReservationFilter, id: string): Promise<ReservationView | null> {
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

/** What happened to a reservation, oldest first. */
export async function readEvents(tx: Tx, reservationId: string): Promise<EventView[]> {
  const rows = await tx.reservationEvent.findMany({
    where: { reservationId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select: { at: true, kind: true, data: true },
  });
  return rows.map((row) => ({
    at: fromDate(row.at),
    kind: row.kind as EventKind,
    data: row.data as EventView['data'],
  }));
}

/** The cards of a reservation, in the order of their servers and slots. */
export async function readAllocations(tx: Tx, reservationId: string): Promise<AllocationView[]> {
  const rows = await tx.$queryRaw<
    {
      id: string;
      card_id: string;
      server_id: string;
      path: string;
      slot: number;
      uuid: string;
      health: string;
      start_at: Date;
      end_at: Date | null;
    }[]
  >`
    SELECT a.id, a.card_id, c.server_id, p.path, c.slot, c.uuid, c.health, a.start_at, a.end_at
    FROM allocation a JOIN card c ON c.id = a.card_id JOIN place p ON p.id = c.server_id
    WHERE a.reservation_id = ${reservationId} ORDER BY p.path, c.slot, a.start_at`;
  return rows.map((row) => ({
    allocationId: row.id as Id<'allocation'>,
    cardId: row.card_id as Id<'card'>,
    serverId: row.server_id as Id<'server'>,
    serverPath: row.path,
    slot: row.slot,
    uuid: row.uuid,
    health: row.health,
    startAt: fromDate(row.start_at),
    endAt: row.end_at === null ? null : fromDate(row.end_at),
  }));
}
