import { type Query, queryText } from '#app/_edge/paging.ts';
import { getSpendingWallet, type SpendingWallet } from '#lib/billing/spending.ts';
import { cardCharge, quoteLines } from '#lib/catalog/price.ts';
import { listImages, listSkus } from '#lib/catalog/service.ts';
import { tierPriceOf } from '#lib/catalog/tiers.ts';
import {
  type Image,
  type PriceVersion,
  QUEUE_TIERS,
  type QueueTier,
  type QuoteLine,
  type Sku,
} from '#lib/catalog/types.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { floorToSecond, plusSeconds } from '#lib/core/instant.ts';
import { parseDecimal, type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { TOPOLOGIES, type Topology } from '#lib/core/topology.ts';
import { listProjects } from '#lib/reservations/projects.ts';
import { JOB_SECONDS_MAX, JOB_SECONDS_MIN } from '#lib/reservations/queue/types.ts';
import { voucherUnits } from '#lib/vouchers/burn.ts';
import { previewPayment } from '#lib/vouchers/own.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';

/** What the address of the page says of the job. */
export type JobQuery = {
  readonly sku: string;
  readonly tier: QueueTier;
  readonly cards: string;
  readonly topology: Topology;
  readonly hours: string;
};

/** What a job costs when it starts now and runs to its time limit. */
export type PricedJob = {
  readonly price: PriceVersion;
  readonly cards: number;
  readonly seconds: number;
  readonly lines: readonly QuoteLine[];
  readonly totalUnits: Units;
};

export type JobState = {
  readonly query: JobQuery;
  readonly sku: Sku;
  readonly offers: readonly Sku[];
  readonly images: readonly Image[];
  readonly projects: readonly ProjectView[];
  readonly wallet: SpendingWallet;
  readonly priced: PricedJob | null;
  /** What vouchers would pay of it if it started now. */
  readonly vouchersUnits: Units;
};

/** Hours with up to two decimals, in whole seconds. */
function secondsOf(hours: string): number | null {
  const hundredths = parseDecimal(hours.trim(), 2);
  if (hundredths === null) return null;
  const seconds = Number(hundredths) * 36;
  return seconds >= JOB_SECONDS_MIN && seconds <= JOB_SECONDS_MAX ? seconds : null;
}

function pricedOf(ctx: TenantCtx, sku: Sku, query: JobQuery): PricedJob | null {
  const price = tierPriceOf(sku, query.tier);
  const seconds = secondsOf(query.hours);
  const cards = /^\d{1,5}$/.test(query.cards.trim()) ? Number.parseInt(query.cards, 10) : 0;
  if (!price || seconds === null || cards < 1 || cards > sku.shape.totalCards) return null;
  const startAt = floorToSecond(ctx.now);
  const interval = { startAt, endAt: plusSeconds(startAt, seconds) };
  const totalUnits = units(cardCharge(price, interval) * BigInt(cards));
  return { price, cards, seconds, lines: quoteLines(price, interval), totalUnits };
}

/** Everything that the page shows: what is sold to queued jobs, what the wish costs now, and the wallet; null without cards. */
export async function loadJobState(ctx: TenantCtx, query: Query): Promise<JobState | null> {
  const offers = (await listSkus(ctx)).filter(({ purchase, price }) => purchase === 'by-hour' && price !== null);
  const sku = offers.find(({ id }) => id === queryText(query, 'sku')) ?? offers[0];
  if (!sku) return null;
  const values: JobQuery = {
    sku: sku.id,
    tier: QUEUE_TIERS.find((tier) => tier === queryText(query, 'tier')) ?? 'standard',
    cards: queryText(query, 'cards') || '1',
    topology: TOPOLOGIES.find((topology) => topology === queryText(query, 'topology')) ?? 'any',
    hours: queryText(query, 'hours') || '1',
  };
  const images = (await listImages(ctx)).filter(({ archs }) => archs.includes(sku.model.arch));
  const projects = (await listProjects(ctx)).filter(({ isClosed }) => !isClosed);
  const wallet = await getSpendingWallet(ctx);
  const priced = pricedOf(ctx, sku, values);
  const vouchersUnits = priced ? voucherUnits(await previewPayment(ctx, sku, priced.totalUnits)) : ZERO_UNITS;
  return { query: values, sku, offers, images, projects, wallet, priced, vouchersUnits };
}
