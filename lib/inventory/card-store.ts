import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, instant } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { holderOfCard } from './held.ts';
import type { Lifecycle } from './lifecycle.ts';
import { commercialFrom, type Health, type OutageKind } from './types.ts';
import type {
  AllocationRow,
  CardRow,
  FaultRef,
  FaultView,
  HolderView,
  OutageView,
  ReadingView,
  TransitionView,
} from './view-types.ts';

type HolderJson = {
  reservationId: string;
  name: string;
  organisationId: string;
  organisationName: string;
  startMs: number;
  endMs: number | null;
  isRunning: boolean;
};

function fromHolder(json: HolderJson | null): HolderView | null {
  if (json === null) return null;
  const { startMs, endMs, ...rest } = json;
  return {
    ...rest,
    reservationId: idFrom('reservation', json.reservationId),
    organisationId: idFrom('organisation', json.organisationId),
    startAt: instant(startMs),
    endAt: endMs === null ? null : instant(endMs),
  };
}

type RawCard = {
  id: string;
  pool_id: string;
  server_id: string;
  path: string;
  ordinal: number;
  slot: number;
  uuid: string;
  serial: string;
  health: string;
  takes_new_work: boolean;
  probation_until: Date | null;
  lifecycle: Lifecycle;
  commercial: string;
  holder: HolderJson | null;
  sampled_at: Date | null;
  readings: Omit<ReadingView, 'sampledAt'> | null;
  fault: FaultRef | null;
};

function fromReading(row: RawCard): ReadingView | null {
  if (row.sampled_at === null || row.readings === null) return null;
  const { utilPct, tempC, powerMw, memUsedBytes, memUsableBytes } = row.readings;
  return { sampledAt: fromDate(row.sampled_at), utilPct, tempC, powerMw, memUsedBytes, memUsableBytes };
}

function fromRawCard(row: RawCard): CardRow {
  return {
    id: idFrom('card', row.id),
    poolId: idFrom('pool', row.pool_id),
    serverId: idFrom('server', row.server_id),
    serverPath: row.path,
    ordinal: row.ordinal,
    slot: row.slot,
    uuid: row.uuid,
    serial: row.serial,
    health: row.health as Health,
    takesNewWork: row.takes_new_work,
    probationUntil: row.probation_until === null ? null : fromDate(row.probation_until),
    lifecycle: row.lifecycle,
    commercial: commercialFrom(row.commercial),
    holder: fromHolder(row.holder),
    reading: fromReading(row),
    fault: row.fault,
  };
}

/** Cards with who has them, what they last told (of this holder only) and their worst open fault, in ordinal order. */
async function readCards(tx: Tx, where: Prisma.Sql, now: Instant): Promise<CardRow[]> {
  const rows = await tx.$queryRaw<RawCard[]>`
    SELECT c.id, c.pool_id, c.server_id, p.path, c.ordinal, c.slot, c.uuid, c.serial, c.health, c.takes_new_work, c.probation_until, c.lifecycle, c.commercial,
      h.holder, g.sampled_at, g.readings, f.fault
    FROM card c JOIN place p ON p.id = c.server_id
    LEFT JOIN ${holderOfCard(now)} h ON true
    LEFT JOIN card_reading g ON g.card_id = c.id AND g.sampled_at >= h.held_from
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('kind', x.kind, 'xid', x.xid, 'severity', x.severity, 'action', x.action) AS fault
      FROM fault_case x WHERE x.card_id = c.id AND x.resolved_at IS NULL ORDER BY x.severity = 'fatal' DESC, x.first_seen_at LIMIT 1) f ON true
    WHERE ${where} ORDER BY c.pool_id, c.ordinal`;
  return rows.map(fromRawCard);
}

/** The cards of a server, by slot. */
export async function readServerCards(tx: Tx, serverId: string, now: Instant): Promise<CardRow[]> {
  return readCards(tx, Prisma.sql`c.server_id = ${serverId}`, now);
}

/** Cards of a pool by their ordinals. */
export async function readCardsByOrdinal(
  tx: Tx,
  poolId: string,
  ordinals: readonly number[],
  now: Instant,
): Promise<CardRow[]> {
  return readCards(tx, Prisma.sql`c.pool_id = ${poolId} AND c.ordinal = ANY(${ordinals}::int[])`, now);
}

export async function findCardRow(tx: Tx, cardId: string, now: Instant): Promise<CardRow | null> {
  return (await readCards(tx, Prisma.sql`c.id = ${cardId}`, now))[0] ?? null;
}

/** Who had a card, has it and will have it, newest first. */
export async function readCardAllocations(
  tx: Tx,
  cardId: string,
  now: Instant,
  most: number,
): Promise<AllocationRow[]> {
  const rows = await tx.$queryRaw<(HolderJson & { id: string; start_at: Date; end_at: Date | null })[]>`
    SELECT a.id, r.id AS "reservationId", r.name, o.id AS "organisationId", o.name AS "organisationName", a.start_at, a.end_at
    FROM allocation a JOIN reservation r ON r.id = a.reservation_id JOIN organisation o ON o.id = a.organisation_id
    WHERE a.card_id = ${cardId} AND (a.end_at IS NULL OR a.end_at > a.start_at) ORDER BY a.start_at DESC LIMIT ${most}`;
  return rows.map((row) => {
    const [startAt, endAt] = [fromDate(row.start_at), row.end_at === null ? null : fromDate(row.end_at)];
    return {
      id: idFrom('allocation', row.id),
      reservationId: idFrom('reservation', row.reservationId),
      name: row.name,
      organisationId: idFrom('organisation', row.organisationId),
      organisationName: row.organisationName,
      startAt,
      endAt,
      state: startAt > now ? 'next' : endAt !== null && endAt <= now ? 'past' : 'running',
    };
  });
}

type RawOutage = { kind: OutageKind; start_at: Date; end_at: Date | null; reason: string; actor: string };

/** When a card took no new work, why and by whom, newest first. */
export async function readOutages(tx: Tx, cardId: string, most: number): Promise<OutageView[]> {
  const rows = await tx.$queryRaw<RawOutage[]>`
    SELECT x.kind, x.start_at, x.end_at, x.reason, coalesce(u.name, x.actor) AS actor
    FROM card_outage x LEFT JOIN user_account u ON x.actor = 'user:' || u.id
    WHERE x.card_id = ${cardId} ORDER BY x.start_at DESC, x.id DESC LIMIT ${most}`;
  return rows.map(({ start_at, end_at, ...rest }) => ({
    ...rest,
    startAt: fromDate(start_at),
    endAt: end_at === null ? null : fromDate(end_at),
  }));
}

type RawTransition = Omit<TransitionView, 'at'> & { readonly at: Date };

/** What people did with a card, newest first. The database keeps acts and states to those that are known. */
export async function readTransitions(tx: Tx, cardId: string, most: number): Promise<TransitionView[]> {
  const rows = await tx.$queryRaw<RawTransition[]>`
    SELECT x.act, x.from_state AS "from", x.to_state AS "to", x.at, x.reason, coalesce(u.name, x.actor) AS actor
    FROM card_transition x LEFT JOIN user_account u ON x.actor = 'user:' || u.id
    WHERE x.card_id = ${cardId} ORDER BY x.id DESC LIMIT ${most}`;
  return rows.map(({ at, ...rest }) => ({ ...rest, at: fromDate(at) }));
}

/** The fault cases of a card, newest first. */
export async function readCardFaults(tx: Tx, cardId: string, most: number): Promise<FaultView[]> {
  const rows = await tx.faultCase.findMany({
    where: { cardId },
    orderBy: [{ firstSeenAt: 'desc' }, { id: 'desc' }],
    take: most,
    select: {
      id: true,
      incidentId: true,
      kind: true,
      xid: true,
      severity: true,
      action: true,
      count: true,
      firstSeenAt: true,
      resolvedAt: true,
    },
  });
  return rows.map(({ severity, xid, ...row }) => ({
    ...row,
    xid: xid === null ? null : Number(xid),
    id: idFrom('fault', row.id),
    incidentId: idFrom('fault', row.incidentId),
    severity: severity === 'fatal' ? 'fatal' : 'warning',
    firstSeenAt: fromDate(row.firstSeenAt),
    resolvedAt: row.resolvedAt === null ? null : fromDate(row.resolvedAt),
  }));
}

/** A server's row beside its place, and what only a card has besides its list row. */
export async function findServerHost(tx: Tx, serverId: string) {
  return tx.serverHost.findUnique({
    where: { placeId: serverId },
    select: {
      placeId: true,
      poolId: true,
      driverVersion: true,
      driverKind: true,
      pool: { select: { cardModel: { select: { name: true } } } },
    },
  });
}

export async function findCardIdentity(tx: Tx, cardId: string) {
  return tx.card.findUnique({ where: { id: cardId }, select: { pciBusId: true, numaNode: true, inServiceAt: true } });
}

/** The card in a server's slot. */
export async function findCardInSlot(tx: Tx, serverId: string, slot: number): Promise<string | null> {
  const row = await tx.card.findUnique({ where: { serverId_slot: { serverId, slot } }, select: { id: true } });
  return row?.id ?? null;
}
