import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { type CardStates, countConditions } from './condition.ts';
import { heldCards, holderState } from './held.ts';
import type { LocalName } from './types.ts';
import type { PlaceRef, PlaceRow, PoolView, SearchHit } from './view-types.ts';

/** Cards that share their states, counted in the database; what a state means is decided in `condition.ts`. */
type StateGroup = CardStates & { readonly owner: string; readonly count: number };

async function readGroups(
  tx: Tx,
  owner: Prisma.Sql,
  where: Prisma.Sql,
  now: Instant,
): Promise<Map<string, StateGroup[]>> {
  const rows = await tx.$queryRaw<StateGroup[]>`
    SELECT ${owner} AS owner, c.health, c.takes_new_work AS "takesNewWork", c.probation_until IS NOT NULL AS "isOnProbation", c.lifecycle, c.commercial, ${holderState(now)} AS holder, count(*)::int AS count
    FROM card c JOIN place p ON p.id = c.server_id LEFT JOIN ${heldCards(now)} h ON h.card_id = c.id
    WHERE ${where} GROUP BY 1, 2, 3, 4, 5, 6, 7`;
  return Map.groupBy(rows, ({ owner: name }) => name);
}

/** The pools with what their cards do now. */
export async function readPoolViews(tx: Tx, now: Instant): Promise<PoolView[]> {
  const pools = await tx.pool.findMany({
    orderBy: { id: 'desc' },
    select: {
      id: true,
      site: { select: { id: true, name: true } },
      cardModel: { select: { id: true, name: true } },
      _count: { select: { servers: true } },
    },
  });
  const groups = await readGroups(tx, Prisma.sql`c.pool_id`, Prisma.sql`true`, now);
  return pools.map(({ id, site, cardModel, _count }) => ({
    id: idFrom('pool', id),
    siteId: site.id,
    siteName: site.name as LocalName,
    modelId: cardModel.id,
    modelName: cardModel.name,
    servers: _count.servers,
    counts: countConditions(groups.get(id) ?? []),
  }));
}

const PLACE = { id: true, levelId: true, name: true, path: true } as const;

function fromPlaceRow(row: { id: string; levelId: string; name: unknown; path: string }): PlaceRef {
  return { id: row.id, level: row.levelId, name: row.name as LocalName, path: row.path };
}

/** One place; with null the root, when there is one. */
export async function findPlace(tx: Tx, id: string | null): Promise<PlaceRef | null> {
  const where = id === null ? { parentId: null } : { id };
  const row = await tx.place.findFirst({ where, orderBy: { path: 'asc' }, select: PLACE });
  return row ? fromPlaceRow(row) : null;
}

/** The places above a path, from the root down. */
export async function readAncestors(tx: Tx, path: string): Promise<PlaceRef[]> {
  const codes = path.split('/');
  const paths = codes.slice(0, -1).map((_, i) => codes.slice(0, i + 1).join('/'));
  const rows = await tx.place.findMany({ where: { path: { in: paths } }, orderBy: { path: 'asc' }, select: PLACE });
  return rows.map(fromPlaceRow);
}

/** The places in a place, each with what its cards do now. */
export async function readChildren(tx: Tx, parent: PlaceRef, now: Instant): Promise<PlaceRow[]> {
  const children = await tx.place.findMany({ where: { parentId: parent.id }, orderBy: { path: 'asc' }, select: PLACE });
  const depth = parent.path.split('/').length + 1;
  const below = Prisma.sql`starts_with(p.path, ${`${parent.path}/`})`;
  const groups = await readGroups(tx, Prisma.sql`split_part(p.path, '/', ${depth}::int)`, below, now);
  return children.map((row) => ({
    ...fromPlaceRow(row),
    counts: countConditions(groups.get(row.path.split('/').at(-1) ?? '') ?? []),
  }));
}

/** What the cards of a place do now. */
export async function readPlaceCounts(tx: Tx, place: PlaceRef, now: Instant): Promise<PlaceRow['counts']> {
  const within = Prisma.sql`(p.path = ${place.path} OR starts_with(p.path, ${`${place.path}/`}))`;
  const groups = await readGroups(tx, Prisma.sql`'all'`, within, now);
  return countConditions(groups.get('all') ?? []);
}

/** Cards by id, uuid or serial, and places by id or the end of their path; a few of each. */
export async function searchInventory(tx: Tx, text: string, most: number): Promise<SearchHit[]> {
  const cards = await tx.$queryRaw<{ id: string; uuid: string; serial: string; path: string; slot: number }[]>`
    SELECT c.id, c.uuid, c.serial, p.path, c.slot FROM card c JOIN place p ON p.id = c.server_id
    WHERE c.id = ${text} OR c.serial = ${text} OR starts_with(lower(c.uuid), lower(${text})) ORDER BY p.path, c.slot LIMIT ${most}`;
  const places = await tx.$queryRaw<{ id: string; level_id: string; path: string }[]>`
    SELECT id, level_id, path FROM place WHERE id = ${text} OR path = ${text} OR right(path, length(${text}) + 1) = ${`/${text}`}
    ORDER BY path LIMIT ${most}`;
  return [
    ...places.map((row): SearchHit => ({ kind: 'place', id: row.id, level: row.level_id, path: row.path })),
    ...cards.map((row): SearchHit => ({ ...row, kind: 'card', id: idFrom('card', row.id) })),
  ];
}
