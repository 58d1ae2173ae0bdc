import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { type FleetCard, type FleetServer, HEALTHS, type Health, type PoolFleet } from './types.ts';

// The engine's door to the inventory, within its own transaction.

/** The pools there are. */
export async function readPoolIds(tx: Tx): Promise<Id<'pool'>[]> {
  const rows = await tx.pool.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  return rows.map(({ id }) => idFrom('pool', id));
}

function fromServerRow(row: ServerRow): FleetServer {
  const supernode = present(row.place.parent, `supernode of ${row.placeId}`);
  return {
    id: idFrom('server', row.placeId),
    ordinal: row.ordinal,
    supernodeId: supernode.id,
    podId: present(supernode.parentId, `pod of ${row.placeId}`),
    driverVersion: row.driverVersion,
    driverKind: row.driverKind,
  };
}
type ServerRow = {
  placeId: string;
  ordinal: number;
  driverVersion: string;
  driverKind: string;
  place: { parent: { id: string; parentId: string | null } | null };
};

/** A pool with all its servers and cards, in ordinal order. */
export async function readPool(tx: Tx, poolId: Id<'pool'>): Promise<PoolFleet> {
  const pool = await tx.pool.findUniqueOrThrow({ where: { id: poolId }, select: { siteId: true, cardModelId: true } });
  const serverRows = await tx.serverHost.findMany({
    where: { poolId },
    orderBy: { ordinal: 'asc' },
    select: {
      placeId: true,
      ordinal: true,
      driverVersion: true,
      driverKind: true,
      place: { select: { parent: { select: { id: true, parentId: true } } } },
    },
  });
  const cardRows = await tx.card.findMany({
    where: { poolId },
    orderBy: { ordinal: 'asc' },
    select: {
      id: true,
      ordinal: true,
      serverId: true,
      slot: true,
      uuid: true,
      serial: true,
      pciBusId: true,
      numaNode: true,
      health: true,
      takesNewWork: true,
      schedulability: true,
      commercial: true,
    },
  });
  const servers = serverRows.map(fromServerRow);
  const ordinals = new Map(servers.map(({ id, ordinal }) => [id as string, ordinal]));
  const cards = cardRows.map(
    (row): FleetCard => ({
      ...row,
      id: idFrom('card', row.id),
      serverId: idFrom('server', row.serverId),
      serverOrdinal: present(ordinals.get(row.serverId), `server ${row.serverId}`),
      health: present(
        HEALTHS.find((health) => health === row.health),
        `health ${row.health}`,
      ),
      schedulability: row.schedulability === 'cordoned' ? 'cordoned' : 'schedulable',
      commercial: row.commercial === 'withheld' ? 'withheld' : 'on-sale',
    }),
  );
  return { poolId, siteId: idFrom('site', pool.siteId), modelId: pool.cardModelId, servers, cards };
}

/** Opens or closes the outage of cards of one kind, so that every second out of service has its reason. */
async function recordOutage(
  tx: Tx,
  cardIds: readonly string[],
  kind: 'cordoned' | 'down' | 'blocked',
  isOut: boolean,
  at: Instant,
  reason: string,
  actor: string,
): Promise<void> {
  if (isOut) {
    await tx.cardOutage.createMany({
      data: cardIds.map((cardId) => ({ cardId, kind, startAt: toDate(at), reason, actor })),
    });
    return;
  }
  await tx.$executeRaw`UPDATE card_outage SET end_at = greatest(start_at, ${toDate(at)}::timestamptz)
    WHERE card_id = ANY(${cardIds}::text[]) AND kind = ${kind} AND end_at IS NULL`;
}

/** Records that cards take no new work any more, or take it again. */
export async function recordCordon(
  tx: Tx,
  cardIds: readonly string[],
  isCordoned: boolean,
  reason: string,
  actor: string,
  at: Instant,
): Promise<void> {
  const schedulability = isCordoned ? 'cordoned' : 'schedulable';
  await tx.card.updateMany({ where: { id: { in: [...cardIds] } }, data: { schedulability } });
  await recordOutage(tx, cardIds, 'cordoned', isCordoned, at, reason, actor);
}

/** What a card's state means for new work: nothing stands in the way, its device refuses, or it is down. */
function outageOf({ health, takesNewWork }: CardCondition): 'down' | 'blocked' | null {
  if (health === 'unhealthy' || health === 'unknown') return 'down';
  return takesNewWork ? null : 'blocked';
}
type CardCondition = { readonly health: string; readonly takesNewWork: boolean };

/** Records what the device layer says of a card, and from when to when it took no new work because of that. */
export async function recordHealth(
  tx: Tx,
  cardId: string,
  condition: { readonly health: Health; readonly takesNewWork: boolean },
  reason: string,
  at: Instant,
): Promise<void> {
  const before = await tx.card.findUniqueOrThrow({
    where: { id: cardId },
    select: { health: true, takesNewWork: true },
  });
  const { health, takesNewWork } = condition;
  await tx.card.update({ where: { id: cardId }, data: { health, takesNewWork } });
  const [was, is] = [outageOf(before), outageOf(condition)];
  if (was === is) return;
  if (was) await recordOutage(tx, [cardId], was, false, at, reason, 'system:engine');
  if (is) await recordOutage(tx, [cardId], is, true, at, reason, 'system:engine');
}
