import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type CardMapData, encodeCell, NOT_READ, packBytes } from './card-map.ts';
import { type Condition, conditionOf, countConditions } from './condition.ts';
import {
  findCardIdentity,
  findCardInSlot,
  findCardRow,
  findServerHost,
  readCardAllocations,
  readCardsByOrdinal,
  readCardFaults,
  readOutages,
  readServerCards,
  readTransitions,
} from './card-store.ts';
import { type CardAct, countVerdicts } from './lifecycle.ts';
import { readMapHolders, readMapReadings, readMapServers, readMapStates } from './map-store.ts';
import { findPlace, readAncestors, readChildren, readPlaceCounts, readPoolViews, searchInventory } from './store.ts';
import { readTargetCards, readTouched } from './targets.ts';
import type {
  ActPreview,
  ActTarget,
  CardRow,
  CardView,
  PlaceView,
  PoolView,
  SearchHit,
  ServerView,
} from './view-types.ts';

type Page = { readonly skip: number; readonly take: number };

const HISTORY_MAX = 20;
const HITS_MAX = 20;
const SEARCH_LENGTH_MAX = 80;

/** The pools with what their cards do now. */
export async function listPools(ctx: Ctx): Promise<PoolView[]> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readPoolViews(tx, ctx.now));
}

/** A place of the tree with counts for it and for each place in it; null is the root. Null when there is none. */
export async function findPlaceView(ctx: Ctx, placeId: string | null): Promise<PlaceView | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const place = await findPlace(tx, placeId);
    if (!place) return null;
    const counts = await readPlaceCounts(tx, place, ctx.now);
    const ancestors = await readAncestors(tx, place.path);
    return { ...place, counts, ancestors, children: await readChildren(tx, place, ctx.now) };
  });
}

const countCards = (cards: readonly CardRow[], now: Instant) =>
  countConditions(
    cards.map(({ health, takesNewWork, probationUntil, lifecycle, commercial, holder }) => ({
      health,
      takesNewWork,
      isOnProbation: probationUntil !== null,
      lifecycle,
      commercial,
      holder: holder === null ? null : holder.startAt <= now ? ('running' as const) : ('soon' as const),
      count: 1,
    })),
  );

async function readServer(tx: Tx, serverId: string, now: Instant): Promise<ServerView | null> {
  const host = await findServerHost(tx, serverId);
  const place = host ? await findPlace(tx, serverId) : null;
  if (!host || !place) return null;
  const cards = await readServerCards(tx, serverId, now);
  return {
    id: idFrom('server', host.placeId),
    poolId: idFrom('pool', host.poolId),
    place,
    ancestors: await readAncestors(tx, place.path),
    modelName: host.pool.cardModel.name,
    driverVersion: host.driverVersion,
    driverKind: host.driverKind,
    counts: countCards(cards, now),
    cards,
  };
}

/** A server with its cards: their states, who has them, what they last told. Null when there is none. */
export async function findServer(ctx: Ctx, serverId: string): Promise<ServerView | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readServer(tx, serverId, ctx.now));
}

/** A card with its identity, states, readings, allocations past and next, outages and faults. Null when there is none. */
export async function findCard(ctx: Ctx, cardId: string): Promise<CardView | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const card = await findCardRow(tx, cardId, ctx.now);
    const identity = card ? await findCardIdentity(tx, card.id) : null;
    const server = card ? await readServer(tx, card.serverId, ctx.now) : null;
    if (!card || !identity || !server) return null;
    return {
      ...card,
      place: server.place,
      ancestors: [...server.ancestors, server.place],
      modelName: server.modelName,
      driverKind: server.driverKind,
      pciBusId: identity.pciBusId,
      numaNode: identity.numaNode,
      inServiceAt: identity.inServiceAt.getTime() as Instant,
      allocations: await readCardAllocations(tx, cardId, ctx.now, HISTORY_MAX),
      outages: await readOutages(tx, cardId, HISTORY_MAX),
      transitions: await readTransitions(tx, cardId, HISTORY_MAX),
      faults: await readCardFaults(tx, cardId, HISTORY_MAX),
    };
  });
}

/** The id of the card in a server's slot, for links from the map. Null when there is none. */
export async function findSlot(ctx: Ctx, serverId: string, slot: number): Promise<string | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => findCardInSlot(tx, serverId, slot));
}

/** A reading as a byte; what was not read or does not fit is {@link NOT_READ}. */
const toByte = (value: number | null): number =>
  value === null || value < 0 || value >= NOT_READ ? NOT_READ : Math.round(value);

/** All cards of a pool as compact arrays, for the map. */
export async function getCardMap(ctx: Ctx, poolId: string): Promise<CardMapData> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const servers = await readMapServers(tx, poolId);
    const size = servers.reduce((sum, { cards }) => sum + cards, 0);
    const [cells, utilisation, temperature] = [0, NOT_READ, NOT_READ].map((fill) =>
      new Uint8Array(size).fill(fill),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const holderOf = new Uint8Array(size * 2);
    for (const { ordinals, ...states } of await readMapStates(tx, poolId, ctx.now)) {
      const cell = encodeCell(states);
      for (const ordinal of ordinals) cells[ordinal] = cell;
    }
    const holders = await readMapHolders(tx, poolId, ctx.now);
    holders.forEach(({ ordinals }, position) => {
      for (const ordinal of ordinals) holderOf.set([(position + 1) & 255, (position + 1) >> 8], ordinal * 2);
    });
    for (const reading of await readMapReadings(tx, poolId, ctx.now)) {
      utilisation[reading.ordinal] = toByte(reading.utilisation);
      temperature[reading.ordinal] = toByte(reading.temperature);
    }
    return {
      poolId,
      servers,
      cells: packBytes(cells),
      utilisation: packBytes(utilisation),
      temperature: packBytes(temperature),
      holders: holders.map(({ reservationId, name, organisation }) => ({ reservationId, name, organisation })),
      holderOf: packBytes(holderOf),
    };
  });
}

/** A page of a pool's cards in some conditions, in the order of the map: its twin as a table. */
export async function listCards(
  ctx: Ctx,
  filter: { readonly poolId: string; readonly conditions: readonly Condition[] },
  page: Page,
): Promise<{ rows: CardRow[]; total: number }> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const groups = await readMapStates(tx, filter.poolId, ctx.now);
    const ordinals = groups
      .filter((states) => filter.conditions.includes(conditionOf(states)))
      .flatMap((group) => [...group.ordinals])
      .sort((a, b) => a - b);
    const shown = ordinals.slice(page.skip, page.skip + page.take);
    return { rows: await readCardsByOrdinal(tx, filter.poolId, shown, ctx.now), total: ordinals.length };
  });
}

/** Places and cards by id, uuid, serial or the end of a path: `p03/s07/n2`. */
export async function search(ctx: Ctx, text: string): Promise<SearchHit[]> {
  authorize(ctx, 'inventory:read');
  const wanted = text.trim().slice(0, SEARCH_LENGTH_MAX);
  return wanted.length < 2 ? [] : withTx(ctx, (tx) => searchInventory(tx, wanted, HITS_MAX));
}

/** What an act on a target would do and touch, before anybody does it. Null when there is no such target. */
export async function previewAct(ctx: Ctx, act: CardAct, target: ActTarget): Promise<ActPreview | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const cards = await readTargetCards(tx, target, ctx.now);
    const [first] = cards;
    if (!first) return null;
    return {
      poolId: first.poolId,
      cards: cards.length,
      verdicts: countVerdicts(act, cards),
      touched: await readTouched(tx, cards, ctx.now),
    };
  });
}
