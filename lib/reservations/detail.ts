import 'server-only';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import {
  type CardCounts,
  readAsked,
  readCardCounts,
  readCardPage,
  readCardPlaces,
  readNewestEvents,
} from './detail-store.ts';
import { readReservation } from './store.ts';
import type { ReservationRefusal } from './command-types.ts';
import type { AllocationView, EventView, ReservationView } from './view-types.ts';

/** Events on a reservation's page; an open end has one an hour. */
const EVENTS_MAX = 60;

export type ReservationPage = {
  readonly reservation: ReservationView;
  readonly counts: CardCounts;
  /** Newest first, and how many there are in all. */
  readonly events: { readonly rows: readonly EventView[]; readonly total: number };
  /** Where the cards stand that the events name. */
  readonly places: ReadonlyMap<string, { readonly path: string; readonly slot: number }>;
  /** The price it was made under. */
  readonly price: PriceVersion;
};

/** A request that was not decided yet, or was refused: there is no reservation behind its id. */
export type AskedView = {
  readonly name: string;
  readonly cards: number;
  readonly submittedAt: Instant;
  /** Null while it waits for its decision. */
  readonly refusal: ReservationRefusal | null;
};

const organisationOf = (ctx: Ctx) => (ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null);

const cardsNamed = (events: readonly EventView[]): string[] =>
  events.flatMap(({ data }) => [data['card'], data['lost'], data['from']].filter((id) => typeof id === 'string'));

/** A reservation with its newest events, its cards counted only; null when the actor has none of that id. */
export async function findReservationPage(ctx: Ctx, reservationId: string): Promise<ReservationPage | null> {
  authorize(ctx, 'reservation:read');
  return withTx(ctx, async (tx) => {
    const reservation = await readReservation(tx, { organisationId: organisationOf(ctx) }, reservationId);
    if (!reservation) return null;
    const events = await readNewestEvents(tx, reservationId, EVENTS_MAX);
    const [price] = await readPriceVersions(tx, [reservation.priceVersionId]);
    return {
      reservation,
      counts: await readCardCounts(tx, reservationId, ctx.now),
      events,
      places: await readCardPlaces(tx, cardsNamed(events.rows)),
      price: present(price, 'price version'),
    };
  });
}

/** What became of a request that has no reservation: waits, or was refused and why. Null when nothing was asked. */
export async function findAsked(ctx: Ctx, reservationId: string): Promise<AskedView | null> {
  authorize(ctx, 'reservation:read');
  const organisationId = organisationOf(ctx);
  if (organisationId === null) return null;
  const asked = await withTx(ctx, (tx) => readAsked(tx, organisationId, reservationId));
  if (!asked) return null;
  const { answer, ...rest } = asked;
  return { ...rest, refusal: answer === null || answer.ok ? null : answer.refusal };
}

/** A page of a reservation's cards, those it has now first. Others' reservations have none. */
export async function listReservationCards(
  ctx: Ctx,
  input: { readonly reservationId: string },
  page: { readonly skip: number; readonly take: number },
): Promise<AllocationView[]> {
  authorize(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readCardPage(tx, input.reservationId, ctx.now, page));
}
