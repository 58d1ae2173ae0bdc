import { priceFor } from '#lib/catalog/agreed.ts';
import { highestPriceE10 } from '#lib/catalog/tiers.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Placement, hourlyPlacement } from '../amounts.ts';
import type { PoolMind } from '../book.ts';
import { fund, type Funding } from '../funds.ts';
import { type BoundOf, type Counted, limitNumbers, limitPassed, quotaPassed } from '../limits.ts';
import type { CatalogView } from '../types.ts';
import type { Wallets } from '../decision-types.ts';
import type { Job, Waiting } from './types.ts';

const QUOTA_REASON = {
  project: 'projectQuota',
  organisation: 'organisationQuota',
} as const satisfies Record<BoundOf, Waiting['reason']>;
const LIMIT_REASON = {
  project: 'projectLimit',
  organisation: 'organisationLimit',
} as const satisfies Record<BoundOf, Waiting['reason']>;

/** Why a job waits that a quota or a limit holds back. */
export const BOUND_REASONS: ReadonlySet<Waiting['reason']> = new Set<Waiting['reason']>([
  ...Object.values(QUOTA_REASON),
  ...Object.values(LIMIT_REASON),
]);

/** What a job would be started with now. */
export type StartTerms = {
  /** What vouchers pay of it. */
  readonly funding?: Funding;
  readonly price: PriceVersion;
  readonly interval: { readonly startAt: Instant; readonly endAt: Instant };
  readonly placement: Placement;
};

/** The price of a job's tier for its organisation at this moment; null when it is not on sale. */
export function priceOfJob(
  catalog: Pick<CatalogView, 'skus'>,
  job: Pick<Job, 'organisationId' | 'skuId' | 'tier'>,
  now: Instant,
): PriceVersion | null {
  const sku = catalog.skus.get(job.skuId);
  return sku ? priceFor(sku, job.organisationId, job.tier, now) : null;
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

/** So many terms are kept of a price: where everybody asks for another time, to keep them costs more than it saves. */
const TERMS_KEPT = 512;

/**
 * What was worked out for jobs at one moment of one state, for whoever asks about many of them: they mostly ask for the
 * same cards for the same time.
 */
export class Worked {
  readonly #terms = new Map<PriceVersion, Map<string, StartTerms>>();
  /** What holders were counted to have until ends. */
  readonly counted: Counted = new Map();

  /** {@link startTermsOf} a job. */
  termsOf(price: PriceVersion, job: Job, now: Instant): StartTerms {
    const terms = this.#terms.get(price) ?? new Map<string, StartTerms>();
    this.#terms.set(price, terms);
    const shape = `${job.cards} ${job.walltimeSeconds}`;
    const known = terms.get(shape);
    if (known) return known;
    const made = startTermsOf(price, job, now);
    if (terms.size < TERMS_KEPT) terms.set(shape, made);
    return made;
  }
}

function limitObstacle(
  { book }: PoolMind,
  job: Job,
  { interval, placement }: StartTerms,
  { now, worked }: { now: Instant; worked: Worked },
): Waiting | null {
  const quota = quotaPassed(book, job, job.cards, interval, worked.counted);
  if (quota) return { reason: QUOTA_REASON[quota.of], cardsNeeded: job.cards, quota: quota.quota, inUse: quota.inUse };
  const limit = limitPassed(book, job, placement.amountUnits, now);
  if (!limit) return null;
  return {
    reason: LIMIT_REASON[limit.of],
    neededUnits: `${placement.amountUnits}`,
    ...limitNumbers(limit),
  };
}

/**
 * Why a job could not start now even on an empty pool: not sold, image retired, project closed, price above its cap,
 * quota, spending limits, funds; in this order. Otherwise the terms it would start on. `worked`: of the same moment and state.
 */
export function obstacleOf(
  mind: PoolMind,
  job: Job,
  wallets: Wallets,
  now: Instant,
  worked = new Worked(),
): Waiting | StartTerms {
  const { catalog, projects } = mind.book;
  const price = priceOfJob(catalog, job, now);
  if (!price) return { reason: 'notSold' };
  if (!catalog.images.has(job.imageId)) return { reason: 'imageRetired' };
  if (job.projectId !== null && projects.get(job.projectId)?.isClosed) return { reason: 'projectClosed' };
  const terms = worked.termsOf(price, job, now);
  if (job.priceCapE10 !== null) {
    const highest = highestPriceE10(price, terms.interval.startAt, job.walltimeSeconds);
    if (highest > job.priceCapE10)
      return { reason: 'priceAboveCap', priceE10: `${highest}`, capE10: `${job.priceCapE10}` };
  }
  const limited = limitObstacle(mind, job, terms, { now, worked });
  if (limited) return limited;
  const funding = fund(mind, wallets, job, terms.placement.amountUnits, now);
  if (funding.ok) return { ...terms, funding: funding.value };
  const { neededUnits, availableUnits } = funding.refusal;
  return { reason: 'funds', neededUnits, availableUnits };
}
