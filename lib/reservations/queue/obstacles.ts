import { highestPriceE10, tierPriceOf } from '#lib/catalog/tiers.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Units, ZERO_UNITS } from '#lib/core/money.ts';
import { type Month, monthOf } from '#lib/core/period.ts';
import { type Placement, hourlyPlacement } from '../amounts.ts';
import type { PoolMind } from '../book.ts';
import { cardsInUse } from '../quota.ts';
import type { CatalogView, Wallets } from '../types.ts';
import type { Job, Waiting } from './types.ts';

/** What a job would be started with now. */
export type StartTerms = {
  readonly price: PriceVersion;
  readonly interval: { readonly startAt: Instant; readonly endAt: Instant };
  readonly placement: Placement;
};

/** The price of a job's tier at this moment; null when it is not on sale. */
export function priceOfJob(catalog: Pick<CatalogView, 'skus'>, job: Pick<Job, 'skuId' | 'tier'>): PriceVersion | null {
  const sku = catalog.skus.get(job.skuId);
  return sku ? tierPriceOf(sku, job.tier) : null;
}

/** Time, price and money of a job if it started on this second, held for its whole walltime. */
export function startTermsOf(
  price: PriceVersion,
  job: Pick<Job, 'cards' | 'walltimeSeconds'>,
  now: Instant,
): StartTerms {
  const startAt = floorToSecond(now);
  const endAt = plusSeconds(startAt, job.walltimeSeconds);
  return { price, interval: { startAt, endAt }, placement: hourlyPlacement(price, job.cards, startAt, startAt, endAt) };
}

function projectQuotaObstacle(mind: PoolMind, job: Job): Waiting | null {
  const { queue } = mind.book;
  const quota = job.projectId === null ? null : (queue.projects.get(job.projectId)?.cardQuota ?? null);
  if (quota === null) return null;
  let inUse = 0;
  for (const { projectId, cards } of queue.running.values()) if (projectId === job.projectId) inUse += cards;
  return inUse + job.cards <= quota ? null : { reason: 'projectQuota', cardsNeeded: job.cards, quota, inUse };
}

function quotaObstacle(mind: PoolMind, job: Job, { interval }: StartTerms): Waiting | null {
  const limits = mind.book.limits.get(job.organisationId);
  if (!limits) return null;
  // Most organisations are far from their quota: even all that is promised to them at once is then below it.
  let most = job.cards;
  for (const { cards } of mind.book.reservationsOf(job.organisationId)) most += cards;
  if (most <= limits.cardQuota) return null;
  const inUse = cardsInUse(mind.book.reservationsOf(job.organisationId), interval);
  if (inUse + job.cards <= limits.cardQuota) return null;
  return { reason: 'organisationQuota', cardsNeeded: job.cards, quota: limits.cardQuota, inUse };
}

function limitObstacle(mind: PoolMind, job: Job, { placement }: StartTerms, now: Instant): Waiting | null {
  const { book } = mind;
  const needed = placement.amountUnits;
  const over = (
    reason: 'organisationLimit' | 'projectLimit',
    limit: Units | null,
    committedIn: (month: Month) => Units,
  ): Waiting | null => {
    if (limit === null) return null;
    const committed = committedIn(monthOf(now));
    if (committed + needed <= limit) return null;
    return { reason, neededUnits: `${needed}`, limitUnits: `${limit}`, committedUnits: `${committed}` };
  };
  const project = job.projectId === null ? undefined : book.queue.projects.get(job.projectId);
  const { monthlySpendingLimitUnits: limit = null } = book.limits.get(job.organisationId) ?? {};
  return (
    (project &&
      over('projectLimit', project.monthlySpendingLimitUnits, (month) => book.queue.committedIn(project.id, month))) ??
    over('organisationLimit', limit, (month) => book.committedIn(job.organisationId, month))
  );
}

/**
 * Why a job could not start now even on an empty pool: not sold, image retired, project closed, price above its cap,
 * quota, spending limits, funds; in this order. Otherwise the terms it would start on.
 */
export function obstacleOf(mind: PoolMind, job: Job, wallets: Wallets, now: Instant): Waiting | StartTerms {
  const { catalog, queue } = mind.book;
  const price = priceOfJob(catalog, job);
  if (!price) return { reason: 'notSold' };
  if (!catalog.images.has(job.imageId)) return { reason: 'imageRetired' };
  if (job.projectId !== null && queue.projects.get(job.projectId)?.isClosed) return { reason: 'projectClosed' };
  const terms = startTermsOf(price, job, now);
  if (job.priceCapE10 !== null) {
    const highest = highestPriceE10(price, terms.interval.startAt, job.walltimeSeconds);
    if (highest > job.priceCapE10)
      return { reason: 'priceAboveCap', priceE10: `${highest}`, capE10: `${job.priceCapE10}` };
  }
  const limited =
    projectQuotaObstacle(mind, job) ?? quotaObstacle(mind, job, terms) ?? limitObstacle(mind, job, terms, now);
  if (limited) return limited;
  const available = wallets.get(job.organisationId) ?? ZERO_UNITS;
  const needed = terms.placement.amountUnits;
  if (available < needed) return { reason: 'funds', neededUnits: `${needed}`, availableUnits: `${available}` };
  return terms;
}
