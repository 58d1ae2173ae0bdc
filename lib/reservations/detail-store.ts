import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { AllocationView, EventView } from './view-types.ts';
import { type Answer, commandPayload } from './command-types.ts';
import type { EventKind } from './decision-types.ts';
import { newestFirst } from './event-order.ts';

type AllocationRow = {
  id: string;
  card_id: string;
  server_id: string;
  path: string;
  slot: number;
  uuid: string;
  health: string;
  start_at: Date;
  end_at: Date | null;
};

/** How many cards a reservation has or had, in how many allocations, and how those it has now are doing. */
export type CardCounts = {
  readonly allocations: number;
  readonly held: number;
  readonly servers: number;
  readonly supernodes: number;
  readonly unwell: number;
};

/** Counts over all allocations of a reservation; `held` and what follows are those that are not over at `now`. */
export async function readCardCounts(tx: Tx, reservationId: string, now: Instant): Promise<CardCounts> {
  const [row] = await tx.$queryRaw<CardCounts[]>`
    SELECT count(*)::int AS allocations, count(*) FILTER (WHERE is_held)::int AS held,
      count(DISTINCT server_id) FILTER (WHERE is_held)::int AS servers,
      count(DISTINCT parent_id) FILTER (WHERE is_held)::int AS supernodes,
      count(*) FILTER (WHERE is_held AND health <> 'healthy')::int AS unwell
    FROM (SELECT c.server_id, p.parent_id, c.health, (a.end_at IS NULL OR a.end_at > ${toDate(now)}::timestamptz) AS is_held
      FROM allocation a JOIN card c ON c.id = a.card_id JOIN place p ON p.id = c.server_id
      WHERE a.reservation_id = ${reservationId}) x`;
  return row ?? { allocations: 0, held: 0, servers: 0, supernodes: 0, unwell: 0 };
}

/** A page of a reservation's cards: those it has now first, in the order of servers and slots. */
export async function readCardPage(
  tx: Tx,
  reservationId: string,
  now: Instant,
  page: { readonly skip: number; readonly take: number },
): Promise<AllocationView[]> {
  const rows = await tx.$queryRaw<AllocationRow[]>`
    SELECT a.id, a.card_id, c.server_id, p.path, c.slot, c.uuid, c.health, a.start_at, a.end_at
    FROM allocation a JOIN card c ON c.id = a.card_id JOIN place p ON p.id = c.server_id
    WHERE a.reservation_id = ${reservationId}
    ORDER BY coalesce(a.end_at <= ${toDate(now)}::timestamptz, false), p.path, c.slot, a.start_at
    OFFSET ${page.skip} LIMIT ${page.take}`;
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

/** The newest events of a reservation, newest first, those of one second as they were decided; and how many there are in all. */
export async function readNewestEvents(
  tx: Tx,
  reservationId: string,
  most: number,
): Promise<{ rows: EventView[]; total: number }> {
  const where = { reservationId };
  const total = await tx.reservationEvent.count({ where });
  const rows = await tx.reservationEvent.findMany({
    where,
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: most,
    select: { id: true, at: true, kind: true, data: true },
  });
  const timed = rows.map(({ at, ...rest }) => ({ ...rest, at: fromDate(at) })).sort(newestFirst);
  const views = timed.map(({ at, kind, data }) => ({
    at,
    kind: kind as EventKind,
    data: data as EventView['data'],
  }));
  return { rows: views, total };
}

/** A request for a reservation that has no row (yet), with its answer once there is one. */
export type AskedRow = {
  readonly name: string;
  readonly cards: number;
  readonly submittedAt: Instant;
  readonly answer: Answer | null;
};

/** What an organisation asked for under a reservation's id; null when it never did. */
export async function readAsked(
  tx: Tx,
  organisationId: Id<'organisation'>,
  reservationId: string,
): Promise<AskedRow | null> {
  const rows = await tx.$queryRaw<{ payload: unknown; submitted_at: Date; answer: Answer | null }[]>`
    SELECT payload, submitted_at, answer FROM command
    WHERE coalesce(organisation_id, '') = ${organisationId} AND kind = 'reserve' AND payload->>'reservationId' = ${reservationId}
    LIMIT 1`;
  const [row] = rows;
  if (!row) return null;
  const payload = commandPayload.parse(row.payload);
  if (payload.kind !== 'reserve') return null;
  return { name: payload.name, cards: payload.cards, submittedAt: fromDate(row.submitted_at), answer: row.answer };
}

/** Where cards stand: `pod/supernode/server` and the slot, by card. */
export async function readCardPlaces(
  tx: Tx,
  cardIds: readonly string[],
): Promise<Map<string, { readonly path: string; readonly slot: number }>> {
  if (cardIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; path: string; slot: number }[]>`
    SELECT c.id, p.path, c.slot FROM card c JOIN place p ON p.id = c.server_id WHERE c.id = ANY(${[...cardIds]}::text[])`;
  return new Map(rows.map(({ id, path, slot }) => [id, { path, slot }]));
}
