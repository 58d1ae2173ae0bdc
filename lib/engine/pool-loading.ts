import 'server-only';
import { readImages, readPriceVersions, readSkus } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { monthInterval, monthOf, parseMonth } from '#lib/core/period.ts';
import type { PoolFleet } from '#lib/inventory/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { Book } from '#lib/reservations/book.ts';
import { readBindings, readCommitted, readLive } from '#lib/reservations/book-keeping.ts';
import { readLiveWindows } from '#lib/reservations/maintenance-keeping.ts';
import {
  readLastSequence,
  readLiveJobs,
  readProjectCommitted,
  readProjectLimits,
  readQueueUse,
} from '#lib/reservations/queue/job-rows.ts';
import type { CatalogView } from '#lib/reservations/types.ts';
import type { PoolTopology } from '#lib/scheduler/types.ts';
import { Mind } from './mind.ts';

/** The catalog as decisions read it: what is on sale now, and every price a reservation was ever made under. */
export async function loadCatalog(tx: Tx, now: Ctx['now']): Promise<CatalogView> {
  const skus = await readSkus(tx, now);
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

/** The queue as the rows have it: jobs, projects, what projects set aside this month, and use that still counts. */
async function loadQueue(tx: Tx, book: Book, now: Ctx['now']): Promise<void> {
  const { queue, poolId } = book;
  const jobs = await readLiveJobs(tx, poolId);
  for (const job of jobs) queue.restore(job);
  queue.lastSequence = await readLastSequence(tx, poolId);
  const organisations = [...new Set(jobs.map(({ organisationId }) => organisationId))];
  for (const project of await readProjectLimits(tx, organisations)) queue.projects.set(project.id, project);
  const { startAt } = monthInterval(monthOf(now));
  for (const { projectId, month, amount } of await readProjectCommitted(tx, poolId, startAt))
    queue.restoreCommitted(projectId, present(parseMonth(month), `month ${month}`), amount);
  for (const { accountId, hourAt, cardSeconds } of await readQueueUse(tx, poolId, now))
    queue.restoreUsed(accountId, hourAt, cardSeconds);
}

/** The memory of a pool's leader, built from the database: the same rows give the same mind. */
export async function loadMind(tx: Tx, ctx: Ctx, fleet: PoolFleet): Promise<Mind> {
  const poolId: Id<'pool'> = fleet.poolId;
  const cards = fleet.cards.map((card) => ({
    id: card.id,
    serverId: card.serverId,
    lifecycle: card.lifecycle,
    isOnSale: card.commercial === 'on-sale',
    isSpare: card.commercial === 'spare',
    health: card.health,
    takesNewWork: card.takesNewWork,
    probationUntil: card.probationUntil,
  }));
  const book = new Book(poolId, cards, await loadCatalog(tx, ctx.now));
  const month = monthOf(ctx.now);
  for (const { organisationId, month: of, amount } of await readCommitted(tx, poolId, monthInterval(month).startAt)) {
    book.restoreCommitted(organisationId, present(parseMonth(of), `month ${of}`), amount);
  }
  await loadQueue(tx, book, ctx.now);
  const mind = new Mind(book, topologyOf(fleet));
  for (const { reservation, shares } of await readLive(tx, poolId))
    mind.apply({ kind: 'reservationAdded', reservation, shares });
  for (const binding of await readBindings(tx, poolId, book.cardOrdinals))
    mind.apply({ kind: 'cardsBound', bindings: [binding] });
  for (const window of await readLiveWindows(tx, poolId, book.cardOrdinals))
    mind.apply({ kind: 'windowChanged', window });
  return mind;
}
