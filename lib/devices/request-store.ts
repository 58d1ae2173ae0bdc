import 'server-only';
import { createHash } from 'node:crypto';
import type { Ctx } from '#lib/core/context.ts';
import { actorLabel } from '#lib/core/context.ts';
import { type Id, idFrom, toBase32 } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { type DeviceTarget, isRecovery, type RequestView, requestState } from './request-types.ts';

/** A target as the device layer knows it. */
export type AimedAt = { readonly poolId: string; readonly address: string; readonly driverKind: string };

/** Where a request goes: a card's uuid or a server's id, and the pool whose leader answers. Null when there is none. */
export async function findTarget(tx: Tx, target: DeviceTarget): Promise<AimedAt | null> {
  const [row] =
    target.kind === 'card'
      ? await tx.$queryRaw<AimedAt[]>`
          SELECT c.pool_id AS "poolId", c.uuid AS address, s.driver_kind AS "driverKind"
          FROM card c JOIN server_host s ON s.place_id = c.server_id WHERE c.id = ${target.id}`
      : await tx.$queryRaw<AimedAt[]>`
          SELECT s.pool_id AS "poolId", s.place_id AS address, s.driver_kind AS "driverKind" FROM server_host s WHERE s.place_id = ${target.id}`;
  return row ?? null;
}

const ID_BYTES = 16;

/** The id that an idempotency key gives, so that the same key asks once. */
export function requestIdOf(ctx: Ctx, idempotencyKey: string): Id<'deviceRequest'> {
  const digest = createHash('sha256')
    .update(`${actorLabel(ctx.actor)}\n${idempotencyKey}`)
    .digest();
  return idFrom('deviceRequest', `dvr_${toBase32(digest.subarray(0, ID_BYTES))}`);
}

/** Writes a request; false when this id asked before. */
export async function insertRequest(
  ctx: Ctx,
  tx: Tx,
  request: { readonly id: string; readonly poolId: string; readonly address: string; readonly kind: string },
): Promise<boolean> {
  const { id, poolId, address, kind } = request;
  const count = await tx.$executeRaw`
    INSERT INTO device_request (id, pool_id, target, kind, asked_by, asked_at)
    VALUES (${id}, ${poolId}, ${address}, ${kind}, ${actorLabel(ctx.actor)}, ${toDate(ctx.now)}::timestamptz) ON CONFLICT DO NOTHING`;
  return count === 1;
}

type Row = {
  id: string;
  kind: string;
  server_id: string;
  path: string;
  card_id: string | null;
  slot: number | null;
  asked_by: string;
  asked_at: Date;
  taken: boolean;
  outcome: string | null;
};

/** Requests about a server and its cards, or about everything, newest first. */
export async function readRequests(
  tx: Tx,
  serverId: string | null,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: RequestView[]; total: number }> {
  const from = Prisma.sql`device_request d LEFT JOIN card c ON c.uuid = d.target
    JOIN place p ON p.id = coalesce(c.server_id, d.target) LEFT JOIN user_account u ON d.asked_by = 'user:' || u.id
    WHERE coalesce(p.id = ${serverId}::text, true)`;
  const [count] = await tx.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM ${from}`;
  const rows = await tx.$queryRaw<Row[]>`
    SELECT d.id, d.kind, p.id AS server_id, p.path, c.id AS card_id, c.slot, coalesce(u.name, d.asked_by) AS asked_by, d.asked_at,
      d.taken_at IS NOT NULL AS taken, d.outcome
    FROM ${from} ORDER BY d.asked_at DESC, d.id DESC OFFSET ${page.skip} LIMIT ${page.take}`;
  return { rows: rows.map(fromRow), total: count?.total ?? 0 };
}

function fromRow(row: Row): RequestView {
  const state = requestState({ isTaken: row.taken, outcome: row.outcome });
  return {
    id: idFrom('deviceRequest', row.id),
    kind: row.kind,
    isRecovery: isRecovery(row.kind),
    serverId: row.server_id,
    serverPath: row.path,
    cardId: row.card_id,
    slot: row.slot,
    askedBy: row.asked_by,
    askedAt: fromDate(row.asked_at),
    state,
    words: state === 'failed' ? row.outcome : null,
  };
}
