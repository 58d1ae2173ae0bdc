import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { EventView } from './view-types.ts';
import type { EventKind } from './decision-types.ts';

/** Something that happened to one of an organisation's reservations. */
export type LatestEvent = EventView & { readonly reservationId: Id<'reservation'>; readonly name: string };

/** What happens of itself, again and again, is no news. */
const ROUTINE: EventKind[] = ['holdRenewed', 'cardsBound'];

/** The newest events of an organisation's reservations, newest first. */
export async function readLatestEvents(
  tx: Tx,
  organisationId: Id<'organisation'>,
  take: number,
): Promise<LatestEvent[]> {
  const rows = await tx.reservationEvent.findMany({
    where: { organisationId, kind: { notIn: ROUTINE } },
    orderBy: { id: 'desc' },
    take,
    select: { at: true, kind: true, data: true, reservationId: true, reservation: { select: { name: true } } },
  });
  return rows.map((row) => ({
    at: fromDate(row.at),
    kind: row.kind as EventKind,
    data: row.data as EventView['data'],
    reservationId: idFrom('reservation', row.reservationId),
    name: row.reservation.name,
  }));
}
