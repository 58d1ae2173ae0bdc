import 'server-only';
import { readImages, readPriceVersions, readSkus } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { monthInterval, parseMonth } from '#lib/core/period.ts';
import type { PoolFleet } from '#lib/inventory/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { CardState } from '#lib/reservations/book.ts';
import { readBindings, readCommitted, readLive } from '#lib/reservations/book-keeping.ts';
import { readLiveWindows } from '#lib/reservations/maintenance-keeping.ts';
import { readLastSequence, readLiveJobs, readQueueUse } from '#lib/reservations/queue/job-rows.ts';
import type { CatalogView } from '#lib/reservations/types.ts';
import type { PoolTopology } from '#lib/scheduler/types.ts';
import type { Mind } from './mind.ts';
import { buildMind, committedSince, type QueueParts } from './mind-building.ts';

const EVER = instant(0);

/**
 * The catalog as decisions read it: what is on sale now, and every price a reservation was ever made under. What fell due while no
 * engine ran is decided at its own time, so that what was agreed is in it however long ago it ended.
 */
export async function loadCatalog(tx: Tx, now: Ctx['now']): Promise<CatalogView> {
  const skus = await readSkus(tx, now, EVER);
  const prices = await readPriceVersions(tx);
  const images = await readImages(tx);
  return {
    skus: new Map(skus.map((sku) => [sku.id, sku])),
    prices: new Map(prices.map((price) => [price.id, price])),
    images: new Map(images.map((image) => [image.id, image])),
  };
}

/** The scheduler's flat tree of a pool. Supernodes and pods are numbered in the order of their first server. */
export function topologyOf(fleet: PoolFleet): PoolTopology {
  const number = (numbers: Map<string, number>, id: string): number => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  };
  const [supernodes, pods] = [new Map<string, number>(), new Map<string, number>()];
  return {
    servers: fleet.servers.map((server) => ({
      supernode: number(supernodes, server.supernodeId),
      pod: number(pods, server.podId),
    })),
    cardServers: fleet.cards.map((card) => card.serverOrdinal),
  };
}

/** The queue as the rows have it: jobs, and use that still counts. */
async function readQueue(tx: Tx, poolId: Id<'pool'>, now: Ctx['now']): Promise<QueueParts> {
  return {
    jobs: await readLiveJobs(tx, poolId),
    lastSequence: await readLastSequence(tx, poolId),
    used: await readQueueUse(tx, poolId, now),
  };
}

/** The cards of a pool as decisions see them. */
export function cardStatesOf(fleet: PoolFleet): CardState[] {
  return fleet.cards.map((card) => ({
    id: card.id,
    serverId: card.serverId,
    podId: present(fleet.servers[card.serverOrdinal], `server of ${card.id}`).podId,
    lifecycle: card.lifecycle,
    isOnSale: card.commercial === 'on-sale',
    isSpare: card.commercial === 'spare',
    health: card.health,
    takesNewWork: card.takesNewWork,
    probationUntil: card.probationUntil,
  }));
}

/** The memory of a pool's leader, built from the database: the same rows give the same mind. */
export async function loadMind(tx: Tx, ctx: Ctx, fleet: PoolFleet): Promise<Mind> {
  const poolId: Id<'pool'> = fleet.poolId;
  const cards = cardStatesOf(fleet);
  const ordinals = new Map(cards.map(({ id }, ordinal) => [`${id}`, ordinal]));
  const catalog = await loadCatalog(tx, ctx.now);
  const live = await readLive(tx, poolId);
  const since = committedSince(
    live.map(({ reservation }) => reservation),
    ctx.now,
  );
  const committed = await readCommitted(tx, poolId, monthInterval(since).startAt);
  return buildMind({
    now: ctx.now,
    poolId,
    cards,
    topology: topologyOf(fleet),
    catalog,
    committed: committed.map((each) => ({ ...each, month: present(parseMonth(each.month), `month ${each.month}`) })),
    live,
    bindings: await readBindings(tx, poolId, ordinals),
    windows: await readLiveWindows(tx, poolId, ordinals),
    queue: await readQueue(tx, poolId, ctx.now),
  });
}
