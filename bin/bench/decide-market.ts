import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { ceilToHour, floorToHour, HOUR_MS, plusMs } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { units, type Units } from '#lib/core/money.ts';
import type { Mind } from '#lib/engine/mind.ts';
import { booking, commandOf, smallPool, T0 } from '#lib/engine/testing.ts';
import { bindCards } from '#lib/reservations/admission.ts';
import { extended } from '#lib/reservations/changes.ts';
import { decide } from '#lib/reservations/decide.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Command, CommandPayload, ReservePayload } from '#lib/reservations/command-types.ts';
import { place } from '#lib/scheduler/place.ts';

/** Twelve pods of 13 supernodes of 4 servers of 16 cards, as the seed lays them out: what is filled once and copied. */
const TILE_SERVERS_MAX = 12 * 13 * 4;
const CARDS_A_SERVER = 16;
const TILE_ORGANISATIONS = 40;
const HORIZON_HOURS = 30 * 24;
const LENGTH_HOURS_MAX = 72;
const LEAD_HOURS_MAX = 168;
const POOR = 'org_poor' as Id<'organisation'>;

/** A pool with what is promised on it, and who may ask for more. Its time stands still at `T0`. */
export type DecideMarket = {
  readonly mind: Mind;
  readonly organisations: readonly Id<'organisation'>[];
  readonly wallets: ReadonlyMap<string, Units>;
};

type Random = () => number;
type Wish = Partial<Omit<ReservePayload, 'kind' | 'reservationId'>>;

function pick<T>(next: Random, choices: readonly T[]): T {
  return present(choices[Math.floor(choices.length * next())], 'a choice');
}

/** The published mixture of sizes, with the topologies that such sizes are bought in. */
function drawShape(next: Random): Required<Pick<Wish, 'cards' | 'topology'>> {
  const kind = next();
  if (kind < 0.45) return { cards: pick(next, [1, 2, 4, 8]), topology: pick(next, ['any', 'same-server']) };
  if (kind >= 0.85) return { cards: kind < 0.97 ? 384 : 768, topology: pick(next, ['any', 'whole-servers']) };
  const cards = CARDS_A_SERVER * pick(next, [1, 2, 4, 8, 12]);
  const topologies = ['any', 'whole-servers', 'same-supernode'] as const;
  return { cards, topology: pick(next, cards <= 64 ? topologies : topologies.slice(0, 2)) };
}

/** The sizes of the catalogue alone: up to one server. */
function drawCatalogueShape(next: Random): Required<Pick<Wish, 'cards' | 'topology'>> {
  return { cards: pick(next, [1, 2, 4, 8, 16]), topology: pick(next, ['any', 'same-server']) };
}

/** What is asked for: the published mixture of sizes, with gangs of up to 768 cards, or the catalogue's alone. */
export type Mixture = 'published' | 'catalogue';

const SHAPES = { published: drawShape, catalogue: drawCatalogueShape } as const satisfies Record<
  Mixture,
  (next: Random) => unknown
>;

function drawHours(next: Random): number {
  return Math.max(1, Math.round(Math.exp(next() * Math.log(LENGTH_HOURS_MAX))));
}

/** Fills a tile with bookings that ask for `load` times its card-hours; those that began earlier run since `T0`. */
function fillTile(servers: number, load: number, seed: number): Mind {
  const next = mulberry32(seed);
  const mind = smallPool(servers);
  const cardHours = mind.book.cards.length * HORIZON_HOURS;
  const organisations = addOrganisations(mind, '');
  const wallets = richWallets(organisations);
  for (let asked = 0, n = 0; asked < load * cardHours; n += 1) {
    const shape = drawShape(next);
    const hours = drawHours(next);
    const startHour = Math.floor(next() * (HORIZON_HOURS + hours)) - hours;
    const left = Math.min(hours, hours + startHour, HORIZON_HOURS - startHour);
    if (left < 1) continue;
    asked += shape.cards * left;
    const startAt = plusMs(T0, Math.max(0, startHour) * HOUR_MS);
    const interval = { startAt, endAt: plusMs(startAt, left * HOUR_MS) };
    if (!place(mind.state, { ...shape, interval }, startAt === T0)) continue;
    const wish = { ...shape, startAt: startAt === T0 ? null : startAt, durationSeconds: left * 3_600 };
    const command = commandOf(booking(`rsv_f${n}`, wish), pick(next, organisations));
    mind.applyAll(decide(mind, command, wallets, T0).changes);
  }
  return mind;
}

function addOrganisations(mind: Mind, suffix: string): Id<'organisation'>[] {
  const ids = Array.from({ length: TILE_ORGANISATIONS }, (_, n) => `org_${n}${suffix}` as Id<'organisation'>);
  for (const id of [...ids, POOR])
    mind.book.limits.set(id, { cardQuota: mind.book.cards.length, monthlySpendingLimitUnits: null });
  return ids;
}

function richWallets(organisations: readonly string[]): Map<string, Units> {
  return new Map(organisations.map((id) => [id, units(10n ** 18n)]));
}

/** Lays a filled tile into a pool, its cards, reservations and organisations under names of their own. */
function copyTile(tile: Mind, mind: Mind, copy: number): void {
  for (const booked of tile.book.reservations.values()) {
    const id = `${booked.id}-${copy}` as Id<'reservation'>;
    const organisationId = `${booked.organisationId}-${copy}` as Id<'organisation'>;
    const { shares } = present(tile.state.promises.get(booked.id), `promise ${booked.id}`);
    const moved = shares.map(({ server, cards }) => ({ server: server + copy * tile.state.serverCount, cards }));
    mind.apply({ kind: 'reservationAdded', reservation: { ...booked, id, organisationId }, shares: moved });
    const cards = tile.book.bindingsOf(booked.id).map(({ card }) => card + copy * tile.state.cardCount);
    if (cards.length > 0) mind.apply({ kind: 'cardsBound', bindings: bindCards(id, cards, booked.interval) });
  }
}

/**
 * A pool of `cards` cards whose next 30 days are asked for `load` times over. Larger pools hold the same tile several
 * times, so that only the size differs; servers beyond the last whole tile stay idle.
 */
export function openDecideMarket(cards: number, load: number, seed: number): DecideMarket {
  const mind = smallPool(Math.floor(cards / CARDS_A_SERVER));
  const tile = fillTile(Math.min(TILE_SERVERS_MAX, mind.state.serverCount), load, seed);
  const copies = Math.floor(mind.state.serverCount / tile.state.serverCount);
  const organisations: Id<'organisation'>[] = [];
  for (let copy = 0; copy < copies; copy += 1) {
    organisations.push(...addOrganisations(mind, `-${copy}`));
    copyTile(tile, mind, copy);
  }
  return { mind, organisations, wallets: richWallets(organisations) };
}

function drawReserve(next: Random, reservationId: string, mixture: Mixture): ReservePayload {
  const shape = SHAPES[mixture](next);
  const hours = drawHours(next);
  const isNow = next() < 0.3;
  const startAt = isNow
    ? null
    : ceilToHour(plusMs(floorToHour(T0), (1 + Math.floor(LEAD_HOURS_MAX * next())) * HOUR_MS));
  const by = next();
  if (by < 0.1)
    return booking(reservationId, {
      ...shape,
      startAt,
      skuId: 'sku_card',
      priceVersionId: 'prv_card',
      durationSeconds: null,
      term: 'day',
    });
  const isOpen = isNow && shape.cards < CARDS_A_SERVER && by < 0.3;
  return booking(reservationId, { ...shape, startAt, durationSeconds: isOpen ? null : hours * 3_600 });
}

/** What is refused before any room is looked for, or after it for want of money. */
function drawRefused(next: Random, organisationId: Id<'organisation'>, payload: ReservePayload): Command {
  const kind = next();
  if (kind < 0.3) return commandOf({ ...payload, quoteExpiresAt: T0 - 1 }, organisationId);
  if (kind < 0.6) return commandOf({ kind: 'cancel', reservationId: 'rsv_unknown' }, organisationId);
  return commandOf({ ...payload, cards: 1, topology: 'any' }, POOR);
}

function changeOf(mind: Mind, target: Booked, kind: 'cancel' | 'release' | 'extend'): CommandPayload {
  if (kind !== 'extend') return { kind, reservationId: target.id };
  const seconds = target.term ? 86_400 : 3_600;
  const longer = extended(mind.book.catalog, target, seconds, T0);
  return {
    kind,
    reservationId: target.id,
    seconds,
    quotedUnits: longer.ok ? `${longer.value.placement.amountUnits}` : '0',
  };
}

/**
 * The next `count` commands of a mixed stream: somewhat more is booked than is given back. What is cancelled, released or
 * extended is live when they are drawn; of many drawn at once, some come too late and are refused.
 */
export function drawCommands(
  market: DecideMarket,
  next: Random,
  count: number,
  firstNumber: number,
  mixture: Mixture = 'published',
): Command[] {
  const { mind, organisations } = market;
  const live = [...mind.book.reservations.values()];
  const [active, confirmed] = [
    live.filter(({ state }) => state === 'active'),
    live.filter(({ state }) => state === 'confirmed'),
  ];
  const about = (targets: readonly Booked[], kind: 'cancel' | 'release' | 'extend'): Command => {
    const target = pick(next, targets);
    return commandOf(changeOf(mind, target, kind), target.organisationId);
  };
  return Array.from({ length: count }, (_, i) => {
    const kind = next();
    const id = `rsv_s${firstNumber + i}`;
    if (kind < 0.55) return commandOf(drawReserve(next, id, mixture), pick(next, organisations));
    if (kind < 0.77) return about(confirmed, 'cancel');
    if (kind < 0.85) return about(active, 'release');
    if (kind < 0.93) return about(next() < 0.5 ? active : confirmed, 'extend');
    return drawRefused(next, pick(next, organisations), drawReserve(next, id, mixture));
  });
}
