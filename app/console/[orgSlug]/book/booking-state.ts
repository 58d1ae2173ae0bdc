import 'server-only';
import { type BookingQuery, bookingHref, dayAndHour, wishOf } from '#components/booking/booking-query.ts';
import { type WalletEffect, walletAfter } from '#components/booking/wallet-effect.ts';
import { bandBpsAt } from '#lib/catalog/price.ts';
import { listImages, listSkus, type PricedWish, previewQuote } from '#lib/catalog/service.ts';
import { HORIZON_DAYS, type Image, type Purchase, type Sku, type Wish, type WishRefusal } from '#lib/catalog/types.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { ceilToHour, floorToHour, HOUR_MS, type Instant, instant, plusMs } from '#lib/core/instant.ts';
import { chargeToDate, type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import type { Result } from '#lib/core/result.ts';
import { getSpendingWallet, type SpendingWallet } from '#lib/billing/spending.ts';
import { earliestOnHours, type RoomWish, startAtInstant } from '#lib/reservations/calendar.ts';
import { explainTable } from '#lib/reservations/explaining-table.ts';
import type { Explanation } from '#lib/reservations/explanation.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import { listProjects } from '#lib/reservations/projects.ts';
import { type Availability, getAvailability } from '#lib/reservations/preview.ts';
import { voucherUnits } from '#lib/vouchers/burn.ts';
import { previewPayment } from '#lib/vouchers/own.ts';

/** A SKU that has a price. */
export type OnSale = Sku & { readonly price: NonNullable<Sku['price']> };

/** Everything that the booking page shows, read once. */
export type BookingState = {
  readonly orgSlug: string;
  readonly now: Instant;
  readonly query: BookingQuery;
  /** One SKU of each pool, in the chosen way to buy. */
  readonly offers: readonly OnSale[];
  readonly sku: OnSale;
  readonly images: readonly Image[];
  /** The projects that take bookings. */
  readonly projects: readonly ProjectView[];
  readonly availability: Availability | null;
  readonly wallet: SpendingWallet;
  readonly wish: Wish;
  readonly priced: Result<PricedWish, WishRefusal>;
  /** What vouchers would pay of it now. */
  readonly vouchersUnits: Units;
};

function onSale(skus: readonly Sku[], way: Purchase): OnSale[] {
  const offers = skus.flatMap((sku) => (sku.price && sku.purchase === way ? [{ ...sku, price: sku.price }] : []));
  // The largest site first: it is what most come for.
  return offers.sort((a, b) => b.shape.totalCards - a.shape.totalCards);
}

/** The first full hour to come: where a start that is not now begins to be chosen. */
function withStart(query: BookingQuery, now: Instant): BookingQuery {
  return query.day === '' || query.hour === '' ? { ...query, ...dayAndHour(floorToHour(plusMs(now, HOUR_MS))) } : query;
}

/** Reads what the page needs; null when nothing is on sale. */
export async function loadBooking(ctx: TenantCtx, orgSlug: string, asked: BookingQuery): Promise<BookingState | null> {
  const offers = onSale(await listSkus(ctx), asked.way);
  const sku = offers.find(({ poolId }) => poolId === asked.pool) ?? offers[0];
  if (!sku) return null;
  const query = withStart({ ...asked, pool: sku.poolId }, ctx.now);
  const wish = wishOf(query, sku.id);
  const [images, projects, availability, wallet, priced] = await Promise.all([
    listImages(ctx),
    listProjects(ctx),
    getAvailability(ctx, { poolId: sku.poolId }),
    getSpendingWallet(ctx),
    previewQuote(ctx, wish),
  ]);
  const vouchersUnits = priced.ok ? await vouchersFor(ctx, priced.value) : ZERO_UNITS;
  const open = projects.filter(({ isClosed }) => !isClosed);
  const project = open.some(({ id }) => id === query.project) ? query.project : '';
  return {
    orgSlug,
    now: ctx.now,
    query: { ...query, project },
    offers,
    sku,
    images,
    projects: open,
    availability,
    wallet,
    wish,
    priced,
    vouchersUnits,
  };
}

/** The length that a wish occupies its cards for; null for an open end, or when it says none. */
export function lengthOf(sku: OnSale, wish: Wish): number | null {
  if (wish.term !== null) return sku.price.terms.find(({ term }) => term === wish.term)?.termSeconds ?? null;
  return wish.durationSeconds !== null && Number.isSafeInteger(wish.durationSeconds) ? wish.durationSeconds : null;
}

/** What the calendar looks for; one card where the number typed is none. */
export function roomWishOf({ sku, wish }: BookingState): RoomWish {
  return {
    cards: Number.isInteger(wish.cards) && wish.cards > 0 ? wish.cards : 1,
    topology: wish.topology,
    segmentCards: wish.gang?.segmentCards ?? null,
    cardsPerServer: sku.shape.cardsPerServer,
    cardsPerSupernode: sku.shape.cardsPerSupernode,
    durationSeconds: lengthOf(sku, wish),
  };
}

/** The room at the chosen start; null while no table is published. */
export function chosenRoom(state: BookingState) {
  const { availability, wish, now } = state;
  if (!availability) return null;
  return startAtInstant(availability.hours, roomWishOf(state), wish.startAt === null ? now : instant(wish.startAt));
}

/** The first full hour at which the wish looks possible; null when none within the table does. */
export function earliestStart(state: BookingState): Instant | null {
  const hours = state.availability?.hours ?? [];
  return earliestOnHours(hours, roomWishOf(state), ceilToHour(state.now))?.startAt ?? null;
}

/** Why the chosen start looks impossible, and what looks possible; null when it looks possible or nobody knows. */
export function whyNoRoom(state: BookingState): Explanation | null {
  const { availability, wish, now, sku } = state;
  if (!availability) return null;
  const roomWish = roomWishOf(state);
  const startAt = wish.startAt === null ? now : instant(wish.startAt);
  const hours = Math.min(HORIZON_DAYS * 24, Math.ceil((roomWish.durationSeconds ?? HORIZON_DAYS * 86_400) / 3_600) - 1);
  const shorter =
    wish.term === null
      ? Array.from({ length: Math.max(0, hours) }, (_, i) => (i + 1) * 3_600)
      : sku.price.terms.flatMap(({ termSeconds }) =>
          termSeconds < (roomWish.durationSeconds ?? 0) ? [termSeconds] : [],
        );
  return explainTable(availability.hours, roomWish, startAt, shorter);
}

/** The address of the page with a start chosen; null is now. */
export function startHref({ orgSlug, query }: BookingState, startAt: Instant | null): string {
  const start =
    startAt === null
      ? ({ when: 'now', day: '', hour: '' } as const)
      : ({ when: 'later', ...dayAndHour(startAt) } as const);
  return bookingHref(orgSlug, { ...query, ...start, week: '' });
}

/** What cards cost an hour at a moment, by the hour. */
export function hourlyUnits(price: OnSale['price'], cards: number, at: Instant): Units {
  return units(chargeToDate(price.priceE10PerCardHour, 3_600n * BigInt(bandBpsAt(price, at))) * BigInt(cards));
}

type Priced = Pick<PricedWish, 'price' | 'cards' | 'startAt' | 'term' | 'totalUnits'>;

/** What vouchers would pay of a priced wish now. */
export async function vouchersFor(
  ctx: TenantCtx,
  { sku, totalUnits }: Pick<PricedWish, 'sku' | 'totalUnits'>,
): Promise<Units> {
  return voucherUnits(await previewPayment(ctx, sku, totalUnits));
}

/** What a priced wish does to the wallet. */
export function effectOf(wallet: SpendingWallet, priced: Priced, vouchersUnits: Units, now: Instant): WalletEffect {
  return walletAfter(wallet, {
    totalUnits: priced.totalUnits,
    vouchersUnits,
    isByHour: priced.term === null,
    isNow: priced.startAt === null,
    hourlyUnits: hourlyUnits(priced.price, priced.cards, now),
  });
}
