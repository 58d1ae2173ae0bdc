import { present } from '#lib/core/assert.ts';
import { makeId, type Id } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { type Units, UNITS_PER_YUAN, units } from '#lib/core/money.ts';
import { priceE10 } from '#lib/core/money.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { CardState } from '#lib/reservations/book.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import type { RefundTerms } from '#lib/reservations/refund-terms.ts';
import type { CatalogView, OrganisationLimits } from '#lib/reservations/types.ts';
import type { PoolTopology } from '#lib/scheduler/types.ts';
import { smallPool, T0 } from '../testing.ts';
import type { Market } from './steps.ts';

/** When every simulated run begins. */
export const STARTS_AT: Instant = T0;
/** The grace of the operator's policy in a new market. */
const GRACE_SECONDS = 7_200;
/** The rule for refunds of a simulated market, whose terms are days: they may be extended past it. */
export const REFUNDS: RefundTerms = {
  policyId: 'trp_simulated' as Id<'termRefundPolicy'>,
  terms: ['day'],
  windowDays: 1,
};
const E10_PER_YUAN = 10_000_000_000n;

/** The organisations of a market, in their order. */
export function organisationsOf(market: Market): Id<'organisation'>[] {
  return market.organisations.map((_, i) => makeId('organisation', STARTS_AT, new Uint8Array(10).fill(i + 1)));
}

/** What an organisation begins with. */
export function beginningsOf(market: Market): {
  readonly id: Id<'organisation'>;
  readonly wallet: Units;
  readonly lineUnits: Units | null;
  readonly limits: OrganisationLimits;
}[] {
  return organisationsOf(market).map((id, i) => {
    const { yuan, cardQuota, spendingLimitYuan, lineYuan } = present(market.organisations[i], 'organisation');
    const limit = spendingLimitYuan === null ? null : units(BigInt(spendingLimitYuan) * UNITS_PER_YUAN);
    return {
      id,
      wallet: units(BigInt(yuan) * UNITS_PER_YUAN),
      lineUnits: lineYuan === undefined ? null : units(BigInt(lineYuan) * UNITS_PER_YUAN),
      limits: { cardQuota, monthlySpendingLimitUnits: limit, graceSeconds: GRACE_SECONDS },
    };
  });
}

/** The projects of a market, in their order. */
export function projectsOf(market: Market): ProjectLimits[] {
  const organisations = organisationsOf(market);
  return market.projects.map(({ organisation, cardQuota, limitYuan, isClosed }, i) => ({
    id: makeId('project', STARTS_AT, new Uint8Array(10).fill(i + 1)),
    organisationId: present(organisations[organisation % organisations.length], 'organisation'),
    cardQuota,
    monthlySpendingLimitUnits: limitYuan === null ? null : units(BigInt(limitYuan) * UNITS_PER_YUAN),
    isClosed,
  }));
}

/** The pool of a market with nothing on it. */
export function emptyPool(market: Market): {
  readonly poolId: Id<'pool'>;
  readonly cards: readonly CardState[];
  readonly topology: PoolTopology;
  readonly catalog: CatalogView;
} {
  const { book, state } = smallPool(market.servers, market.cardsPerServer);
  return {
    poolId: book.poolId,
    cards: book.cards,
    catalog: withTiers(book.catalog),
    topology: {
      servers: Array.from(state.serverSupernode, (supernode, server) => ({
        supernode,
        pod: state.serverPod[server] ?? 0,
      })),
      cardServers: [...state.cardServer],
    },
  };
}

/** The one image that jobs run. */
const IMAGE_ID = 'img_simulated' as Id<'image'>;
/** The tiers of queued jobs, at their part of the hourly price. */
export const TIERS = [
  { tier: 'urgent', factorBps: 15_000 },
  { tier: 'flex', factorBps: 6_000 },
] as const;

/** A catalog whose cards by the hour are sold to queued jobs too, at their price of this moment, with an image to run. */
function withTiers(catalog: CatalogView): CatalogView {
  const sku = present(catalog.skus.get('sku_hour'), 'hourly sku');
  const base = present(sku.price, 'hourly price');
  const tiers = TIERS.map(({ tier, factorBps }) => ({
    tier,
    factorBps,
    price: {
      ...base,
      id: `${base.id}${tier}` as Id<'priceVersion'>,
      priceE10PerCardHour: priceE10((base.priceE10PerCardHour * BigInt(factorBps)) / 10_000n),
    },
  }));
  const image = { id: IMAGE_ID, name: 'Simulated', version: '1', sdk: '1', archs: [sku.model.arch] };
  return {
    skus: new Map([...catalog.skus, ['sku_hour', { ...sku, tiers }]]),
    prices: new Map([...catalog.prices, ...tiers.map(({ price }) => [price.id, price] as const)]),
    images: new Map([[IMAGE_ID, image]]),
  };
}

/** The catalog after the hourly price was replaced, once for each entry, the newest last. */
export function catalogAfter(catalog: CatalogView, hourlyYuan: readonly number[]): CatalogView {
  if (hourlyYuan.length === 0) return catalog;
  const sku = present(catalog.skus.get('sku_hour'), 'hourly sku');
  const first = present(catalog.prices.get('prv_hour'), 'hourly price');
  const versions = hourlyYuan.map(
    (yuan, i): PriceVersion => ({
      ...first,
      id: `prv_hour${i + 1}` as Id<'priceVersion'>,
      validFrom: instant(STARTS_AT + i),
      priceE10PerCardHour: priceE10(BigInt(yuan) * E10_PER_YUAN),
    }),
  );
  const price = versions.at(-1) ?? first;
  const replaced = versions.map((version) =>
    withTiers({ ...catalog, skus: new Map([...catalog.skus, ['sku_hour', { ...sku, price: version }]]) }),
  );
  const prices = replaced.flatMap((each) => [...each.prices]);
  const skus = new Map([...catalog.skus, ['sku_hour', { ...sku, price }]]);
  return withTiers({
    ...catalog,
    skus,
    prices: new Map([...prices, ...versions.map((version) => [version.id, version] as const)]),
  });
}
