import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { resolvesAt, type Severity } from './fault-case.ts';
import type { HitCard, HitReservation, IncidentEvent, IncidentView, Person, Queue } from './incident-types.ts';

type Raw = {
  id: string;
  kind: string;
  xid: bigint | null;
  severity: Severity;
  action: string;
  serverId: string;
  serverPath: string;
  driverKind: string;
  cards: (Omit<HitCard, 'cardId'> & { cardId: string })[];
  count: number;
  reopened: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  wellSince: Date | null;
  ownerId: string | null;
  ownerName: string | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  resolution: string | null;
  hits: (Omit<HitReservation, 'reservationId'> & { reservationId: string })[] | null;
};

function fromRaw({ xid, wellSince, ownerId, ownerName, ...row }: Raw): IncidentView {
  const wellAt = wellSince === null ? null : fromDate(wellSince);
  return {
    ...row,
    id: idFrom('fault', row.id),
    xid: xid === null ? null : Number(xid),
    serverId: idFrom('server', row.serverId),
    cards: row.cards.map((card) => ({ ...card, cardId: idFrom('card', card.cardId) })),
    hits: (row.hits ?? []).map((hit) => ({ ...hit, reservationId: idFrom('reservation', hit.reservationId) })),
    firstSeenAt: fromDate(row.firstSeenAt),
    lastSeenAt: fromDate(row.lastSeenAt),
    resolvesAt: resolvesAt({ wellSince: wellAt }),
    owner: ownerId === null ? null : { id: idFrom('user', ownerId), name: ownerName ?? ownerId },
    resolvedAt: row.resolvedAt === null ? null : fromDate(row.resolvedAt),
  };
}

/** Which of an incident's cases speaks for it: an open one, the worst, the first. */
const LEAD = Prisma.sql`ORDER BY f.resolved_at IS NULL DESC, f.severity = 'fatal' DESC, f.first_seen_at, f.id`;

/** Incidents with their cards, before it is known whose reservations they hit. */
const GROUPED = Prisma.sql`
  SELECT f.incident_id AS id, (array_agg(f.kind ${LEAD}))[1] AS kind, (array_agg(f.xid ${LEAD}))[1] AS xid,
    (array_agg(f.severity ${LEAD}))[1] AS severity, (array_agg(f.action ${LEAD}))[1] AS action, min(f.server_id) AS "serverId",
    bool_or(f.resolved_at IS NULL) AS is_open, (array_agg(f.owner_id ${LEAD}))[1] AS "ownerId", max(f.count) AS count,
    max(f.reopened) AS reopened, min(f.first_seen_at) AS "firstSeenAt", max(f.last_seen_at) AS "lastSeenAt",
    CASE WHEN bool_or(f.resolved_at IS NULL) AND NOT bool_or(f.resolved_at IS NULL AND f.well_since IS NULL)
      THEN max(f.well_since) FILTER (WHERE f.resolved_at IS NULL) END AS "wellSince",
    CASE WHEN bool_and(f.resolved_at IS NOT NULL) THEN max(f.resolved_at) END AS "resolvedAt",
    (array_agg(f.resolved_by ORDER BY f.resolved_at DESC))[1] AS "resolvedBy", (array_agg(f.resolution ORDER BY f.resolved_at DESC))[1] AS resolution,
    jsonb_agg(jsonb_build_object('cardId', c.id, 'slot', c.slot, 'health', c.health, 'lifecycle', c.lifecycle,
      'isOpen', f.resolved_at IS NULL) ORDER BY c.slot) AS cards
  FROM fault_case f JOIN card c ON c.id = f.card_id`;

function inQueue(queue: Queue, me: string | null): Prisma.Sql {
  switch (queue) {
    case 'open':
      return Prisma.sql`is_open`;
    case 'mine':
      return Prisma.sql`is_open AND "ownerId" = ${me}`;
    case 'unowned':
      return Prisma.sql`is_open AND "ownerId" IS NULL`;
    case 'resolved':
      return Prisma.sql`NOT is_open`;
  }
}

/** Only the cases of some incidents, so that a queue of open ones never reads all that ever happened. */
function casesOf(queue: Queue): Prisma.Sql {
  return queue === 'resolved'
    ? Prisma.sql`true`
    : Prisma.sql`f.incident_id IN (SELECT o.incident_id FROM fault_case o WHERE o.resolved_at IS NULL)`;
}

/** Incidents as rows of {@link Raw}; `i` has the groups. Who is hit had a card when its trouble began, or has it now. */
function withHits(groups: Prisma.Sql, order: Prisma.Sql, now: Instant): Prisma.Sql {
  return Prisma.sql`
    SELECT i.*, p.path AS "serverPath", s.driver_kind AS "driverKind", o.name AS "ownerName", coalesce(b.name, i."resolvedBy") AS "resolvedBy", h.hits
    FROM (${groups}) i JOIN place p ON p.id = i."serverId" JOIN server_host s ON s.place_id = i."serverId"
    LEFT JOIN user_account o ON o.id = i."ownerId" LEFT JOIN user_account b ON i."resolvedBy" = 'user:' || b.id
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('reservationId', r.id, 'name', r.name, 'organisationName', r.organisation,
          'cards', r.cards, 'isStillHit', r.is_still_hit) ORDER BY r.is_still_hit DESC, r.name) AS hits
      FROM (SELECT v.id, v.name, g.name AS organisation, count(DISTINCT a.card_id)::int AS cards,
          bool_or(x.resolved_at IS NULL AND a.during @> ${toDate(now)}::timestamptz) AS is_still_hit
        FROM fault_case x JOIN allocation a ON a.card_id = x.card_id
          AND (a.during @> x.first_seen_at OR (x.resolved_at IS NULL AND a.during @> ${toDate(now)}::timestamptz))
        JOIN reservation v ON v.id = a.reservation_id JOIN organisation g ON g.id = a.organisation_id
        WHERE x.incident_id = i.id GROUP BY v.id, v.name, g.name) r) h ON true
    ${order}`;
}

/** A page of a queue: fatal ones first, then those that began first; resolved ones by their end, newest first. */
export async function readIncidents(
  tx: Tx,
  filter: { readonly queue: Queue; readonly me: string | null },
  now: Instant,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: IncidentView[]; total: number }> {
  const { queue, me } = filter;
  const groups = Prisma.sql`SELECT * FROM (${GROUPED} WHERE ${casesOf(queue)} GROUP BY f.incident_id) g WHERE ${inQueue(queue, me)}`;
  const order = (of: string) =>
    queue === 'resolved'
      ? Prisma.sql`ORDER BY ${Prisma.raw(of)}."resolvedAt" DESC, ${Prisma.raw(of)}.id`
      : Prisma.sql`ORDER BY ${Prisma.raw(of)}.severity = 'fatal' DESC, ${Prisma.raw(of)}."firstSeenAt", ${Prisma.raw(of)}.id`;
  const [count] = await tx.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM (${groups}) g`;
  const paged = Prisma.sql`${groups} ${order('g')} OFFSET ${page.skip} LIMIT ${page.take}`;
  const rows = await tx.$queryRaw<Raw[]>`${withHits(paged, order('i'), now)}`;
  return { rows: rows.map(fromRaw), total: count?.total ?? 0 };
}

/** One incident; null when there is none. */
export async function findIncidentRow(tx: Tx, id: string, now: Instant): Promise<IncidentView | null> {
  const group = Prisma.sql`${GROUPED} WHERE f.incident_id = ${id} GROUP BY f.incident_id`;
  const [row] = await tx.$queryRaw<Raw[]>`${withHits(group, Prisma.empty, now)}`;
  return row ? fromRaw(row) : null;
}

type RawEvent = Omit<IncidentEvent, 'at' | 'fault' | 'text'> & {
  at: Date;
  data: { fault?: string; text?: string };
};

/** What happened to an incident, oldest first. */
export async function readEvents(tx: Tx, incidentId: string, most: number): Promise<IncidentEvent[]> {
  const rows = await tx.$queryRaw<RawEvent[]>`
    SELECT e.id::text AS id, e.at, e.kind, e.data, coalesce(u.name, e.actor) AS actor
    FROM fault_event e LEFT JOIN user_account u ON e.actor = 'user:' || u.id
    WHERE e.incident_id = ${incidentId} ORDER BY e.id DESC LIMIT ${most}`;
  return rows
    .map(({ at, data, ...row }) => ({ ...row, at: fromDate(at), fault: data.fault ?? null, text: data.text ?? null }))
    .reverse();
}

/** The people who may work on faults, by name. */
export async function readColleagues(tx: Tx): Promise<Person[]> {
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT u.id, u.name FROM user_account u WHERE u.kind = 'staff'
      AND EXISTS (SELECT FROM staff_role r WHERE r.user_id = u.id AND r.role IN ('ops', 'admin')) ORDER BY u.name, u.id`;
  return rows.map(({ id, name }) => ({ id: idFrom('user', id), name }));
}

/** The cases of an incident that are locked for a change of it. */
export type LockedCase = {
  readonly id: string;
  readonly isOpen: boolean;
  readonly isDown: boolean;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
};

/** Locks an incident: who else wants to change it waits. None when there is no such incident. */
export async function lockIncident(tx: Tx, incidentId: string): Promise<LockedCase[]> {
  return tx.$queryRaw<LockedCase[]>`
    SELECT f.id, f.resolved_at IS NULL AS "isOpen", c.health IN ('unhealthy', 'unknown') AS "isDown", f.owner_id AS "ownerId", u.name AS "ownerName"
    FROM fault_case f JOIN card c ON c.id = f.card_id LEFT JOIN user_account u ON u.id = f.owner_id
    WHERE f.incident_id = ${incidentId} ORDER BY f.id FOR UPDATE OF f`;
}

/** Who works on an incident from now on; null: nobody. */
export async function setOwner(tx: Tx, incidentId: string, ownerId: Id<'user'> | null): Promise<void> {
  await tx.faultCase.updateMany({ where: { incidentId, resolvedAt: null }, data: { ownerId } });
}

/** Ends the open cases of an incident. */
export async function setResolved(
  tx: Tx,
  incidentId: string,
  by: { readonly actor: string; readonly reason: string; readonly at: Instant },
): Promise<void> {
  const data = { resolvedAt: toDate(by.at), resolvedBy: by.actor, resolution: by.reason };
  await tx.faultCase.updateMany({ where: { incidentId, resolvedAt: null }, data });
}

/** Adds to the history of an incident. */
export async function insertFaultEvent(
  tx: Tx,
  event: {
    readonly incidentId: string;
    readonly at: Instant;
    readonly actor: string;
    readonly kind: IncidentEvent['kind'];
    readonly text: string | null;
  },
): Promise<void> {
  const { at, text, ...rest } = event;
  await tx.faultEvent.create({ data: { ...rest, at: toDate(at), data: text === null ? {} : { text } } });
}
