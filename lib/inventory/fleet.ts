import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { LIFECYCLES } from './lifecycle.ts';
import { commercialFrom, type FleetCard, type FleetServer, HEALTHS, type PoolFleet } from './types.ts';

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

/** Writes by which driver each server of a pool is reached; a server that is not named is simulated. */
export async function writeDriverKinds(tx: Tx, poolId: Id<'pool'>, kinds: ReadonlyMap<string, string>): Promise<void> {
  const named = [...kinds.keys()];
  await tx.serverHost.updateMany({
    where: { poolId, placeId: { notIn: named }, driverKind: { not: 'simulated' } },
    data: { driverKind: 'simulated' },
  });
  for (const [placeId, driverKind] of kinds) {
    await tx.serverHost.updateMany({
      where: { poolId, placeId, driverKind: { not: driverKind } },
      data: { driverKind },
    });
  }
}

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
      probationUntil: true,
      lifecycle: true,
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
      probationUntil: row.probationUntil === null ? null : fromDate(row.probationUntil),
      lifecycle: present(
        LIFECYCLES.find((state) => state === row.lifecycle),
        `lifecycle ${row.lifecycle}`,
      ),
      commercial: commercialFrom(row.commercial),
    }),
  );
  return { poolId, siteId: idFrom('site', pool.siteId), modelId: pool.cardModelId, servers, cards };
}
