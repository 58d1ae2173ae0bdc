import type { PriceVersion, Sku } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { type PriceE10, priceE10, type Units, units } from '#lib/core/money.ts';
import { Book } from '#lib/reservations/book.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Command, CommandPayload, ReservePayload } from '#lib/reservations/command-types.ts';
import { Mind } from './mind.ts';

/** A small pool in memory, for tests of decisions. */
export const T0: Instant = instant(Date.UTC(2026, 10, 1, 0, 0, 0));
export const ORG = 'org_a' as Id<'organisation'>;
export const OTHER = 'org_b' as Id<'organisation'>;
export const PRICE: PriceE10 = priceE10(100_000_000_000n);

const POOL = 'pol_test' as Id<'pool'>;
const price = (id: string, skuId: string, terms: PriceVersion['terms'] = []): PriceVersion => ({
  id: id as Id<'priceVersion'>,
  skuId: skuId as Id<'sku'>,
  validFrom: T0,
  priceE10PerCardHour: PRICE,
  returnShareBps: 5_000,
  bands: [],
  terms,
});

/** Servers of 16 cards, four to a supernode; 10 yuan per card-hour; a day sold by the card at nine tenths. */
export function smallPool(
  serverCount: number,
  cardsPerServer = 16,
  isSpare: (card: number) => boolean = () => false,
): Mind {
  const model = {
    id: 'zw810e',
    vendor: 'T-Head',
    name: 'Zhenwu 810E',
    arch: 'ppu001',
    memoryMib: 98_304,
    icnGbPerSec: 700,
    powerWatts: 400,
  };
  const shape = {
    poolId: POOL,
    totalCards: serverCount * cardsPerServer,
    cardsPerServer,
    cardsPerSupernode: cardsPerServer * Math.min(4, serverCount),
  };
  const sku = (id: string, purchase: Sku['purchase'], version: PriceVersion): Sku => ({
    id: id as Id<'sku'>,
    poolId: POOL,
    siteId: 'sit_test' as Id<'site'>,
    siteName: { zh: '测试', en: 'Test' },
    purchase,
    taxRateBps: 600,
    model,
    shape,
    price: version,
    tiers: [],
  });
  const hourly = price('prv_hour', 'sku_hour');
  const termed = price('prv_card', 'sku_card', [{ term: 'day', termSeconds: 86_400, factorBps: 9_000 }]);
  const cards = Array.from({ length: serverCount * cardsPerServer }, (_, ordinal) => ({
    id: `crd_${ordinal}` as Id<'card'>,
    serverId: `nod_${Math.floor(ordinal / cardsPerServer)}`,
    podId: `pod_${Math.floor(ordinal / cardsPerServer / 52)}`,
    lifecycle: 'in_service' as const,
    isOnSale: !isSpare(ordinal),
    isSpare: isSpare(ordinal),
    probationUntil: null,
    health: 'healthy' as const,
    takesNewWork: true,
  }));
  const book = new Book(POOL, cards, {
    skus: new Map([
      ['sku_hour', sku('sku_hour', 'by-hour', hourly)],
      ['sku_card', sku('sku_card', 'by-card', termed)],
    ]),
    prices: new Map([hourly, termed].map((version) => [version.id, version])),
    images: new Map(),
  });
  for (const org of [ORG, OTHER]) book.limits.set(org, { cardQuota: 10_000, monthlySpendingLimitUnits: null });
  const mind = new Mind(book, {
    servers: Array.from({ length: serverCount }, (_, ordinal) => ({
      supernode: Math.floor(ordinal / 4),
      pod: Math.floor(ordinal / 52),
    })),
    cardServers: cards.map((_, ordinal) => Math.floor(ordinal / cardsPerServer)),
  });
  mind.advanceTo(T0);
  return mind;
}

/** A booking by the hour; what is not given is 1 card anywhere for an hour, now. */
export function booking(
  reservationId: string,
  wish: Partial<Omit<ReservePayload, 'kind' | 'reservationId'>> = {},
): ReservePayload {
  return {
    kind: 'reserve',
    reservationId,
    quoteId: 'quo_test',
    name: reservationId,
    skuId: 'sku_hour',
    priceVersionId: 'prv_hour',
    imageId: null,
    cards: 1,
    topology: 'any',
    startAt: null,
    durationSeconds: 3_600,
    term: null,
    quotedUnits: '9999999999999999',
    quoteExpiresAt: T0 + 400 * 86_400_000,
    ...wish,
  };
}

/** A command of an organisation. */
export function commandOf(payload: CommandPayload, organisationId: Id<'organisation'> | null = ORG): Command {
  return { id: 'cmd_test' as Id<'command'>, organisationId, actor: 'user:test', payload };
}

/** Plenty of money for both organisations. */
export const RICH: ReadonlyMap<string, Units> = new Map([
  [ORG, units(10n ** 18n)],
  [OTHER, units(10n ** 18n)],
]);

/** The cards that changes bind, as ordinals. */
export function cardsBoundBy(changes: readonly Change[]): number[] {
  return changes.flatMap((change) => (change.kind === 'cardsBound' ? change.bindings.map(({ card }) => card) : []));
}
