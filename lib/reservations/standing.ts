import 'server-only';
import type { Purchase } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Interval } from '#lib/core/interval.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { BOOKED_COLUMNS, fromBookedRow } from './rows.ts';
import type { Booked, ReservationState } from './types.ts';

// The door for other modules to what a reservation is, within their own transaction.

/** What others must know of a reservation before they hang something on it. */
export type Standing = {
  readonly name: string;
  readonly state: ReservationState;
  readonly cards: number;
  readonly skuId: string;
  /** The architecture of its cards, which an image must be made for. */
  readonly arch: string;
};

/** How an organisation's reservation stands; null when it has none of that id. */
export async function readStanding(
  tx: Tx,
  organisationId: Id<'organisation'>,
  reservationId: string,
): Promise<Standing | null> {
  const [row] = await tx.$queryRaw<{ name: string; state: string; cards: number; sku_id: string; arch: string }[]>`
    SELECT r.name, r.state, r.cards, r.sku_id, m.arch
    FROM reservation r JOIN pool p ON p.id = r.pool_id JOIN card_model m ON m.id = p.card_model_id
    WHERE r.id = ${reservationId} AND r.organisation_id = ${organisationId}`;
  if (!row) return null;
  return { name: row.name, state: row.state as ReservationState, cards: row.cards, skuId: row.sku_id, arch: row.arch };
}

/** The names of reservations, for lists of what belongs to them. Others' are absent. */
export async function readReservationNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>(
    Prisma.sql`SELECT id, name FROM reservation WHERE id = ANY(${[...new Set(ids)]}::text[])`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What a release is priced by. */
export type Releasable = {
  readonly state: ReservationState;
  readonly purchase: Purchase;
  readonly cards: number;
  /** Failed ones that are not replaced. */
  readonly missingCards: number;
  readonly priceVersionId: string;
  readonly interval: Interval;
  readonly term: Booked['term'];
};

/** An organisation's reservation as a release finds it; null when it has none of that id. */
export async function readReleasable(
  tx: Tx,
  organisationId: Id<'organisation'>,
  reservationId: string,
): Promise<Releasable | null> {
  const row = await tx.reservation.findFirst({
    where: { id: reservationId, organisationId },
    select: BOOKED_COLUMNS,
  });
  if (!row) return null;
  const { purchase, cards, lost, priceVersionId, interval, term } = fromBookedRow(row).reservation;
  const state = row.state as ReservationState;
  return { state, purchase, cards, missingCards: lost.length, priceVersionId, interval, term };
}

/** What runs by the hour at one price, and where. */
export type RunningDraw = {
  readonly priceVersionId: string;
  readonly siteId: string;
  readonly modelId: string;
  readonly cards: number;
};

/** How many cards of an organisation run by the hour now, by the price they were booked at. */
export async function readRunningByHour(tx: Tx, organisationId: Id<'organisation'>): Promise<RunningDraw[]> {
  const rows = await tx.$queryRaw<{ price_version_id: string; site_id: string; model_id: string; cards: number }[]>`
    SELECT r.price_version_id, s.site_id, s.card_model_id AS model_id, sum(r.cards)::int AS cards
    FROM reservation r JOIN sku s ON s.id = r.sku_id
    WHERE r.organisation_id = ${organisationId} AND r.state = 'active' AND r.purchase = 'by-hour' GROUP BY 1, 2, 3`;
  return rows.map((row) => ({
    priceVersionId: row.price_version_id,
    siteId: row.site_id,
    modelId: row.model_id,
    cards: row.cards,
  }));
}
