import 'server-only';
import { type WayOn, waysOn } from '#components/booking/alternatives.ts';
import { type BookingQuery, bookingHref } from '#components/booking/booking-query.ts';
import { waysFrom } from '#components/booking/sooner.ts';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import type { Alternative } from '#components/form/form-state.ts';
import { formatInstant } from '#components/format/instant.ts';
import { listSkus } from '#lib/catalog/service.ts';
import type { Sku } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { ExplainView } from '#lib/reservations/explain.ts';
import type { Explanation } from '#lib/reservations/explanation.ts';

async function toAlternatives(orgSlug: string, ways: readonly WayOn[], skus: readonly Sku[]): Promise<Alternative[]> {
  const [t, locale] = [await getTranslations('booking'), await requestLocale()];
  const nameOf = (pool: string): string => {
    const sku = skus.find(({ poolId }) => poolId === pool);
    return sku ? `${siteName(locale, sku.siteName)} · ${modelName(locale, sku.model.name)}` : pool;
  };
  const labelOf = (way: WayOn): string => {
    switch (way.kind) {
      case 'startAt':
        return t('wayOn.startAt', { at: formatInstant(way.startAt) });
      case 'cards':
        return t('wayOn.cards', { cards: way.cards });
      case 'hours':
        return t('wayOn.hours', { hours: way.hours });
      case 'term':
        return t('wayOn.term', { term: t(`when.terms.${way.term}`).toLocaleLowerCase() });
      case 'pool':
        return t('wayOn.pool', { pool: nameOf(way.pool), at: formatInstant(way.startAt) });
      default:
        return t(`wayOn.${way.kind}`);
    }
  };
  const found = ways.map((way) => ({
    label: labelOf(way),
    href: way.kind === 'topUp' ? `/console/${orgSlug}/wallet` : bookingHref(orgSlug, way.query),
  }));
  return found.filter(({ href }, i) => found.findIndex((other) => other.href === href) === i);
}

/** The ways on from a refusal as links that fill the form. */
export async function alternativesOf(
  orgSlug: string,
  refusal: Parameters<typeof waysOn>[0],
  query: BookingQuery,
): Promise<Alternative[]> {
  return toAlternatives(orgSlug, waysOn(refusal, query), []);
}

/** What would start sooner, as links that fill the form: what the plan has proven, then what every refusal offers. */
export async function soonerAlternatives(
  ctx: Ctx,
  orgSlug: string,
  { explanation, wish }: ExplainView,
  query: BookingQuery,
  refusal: Parameters<typeof waysOn>[0] | null,
): Promise<Alternative[]> {
  const skus = await listSkus(ctx);
  const terms = skus.find(({ id }) => id === wish?.skuId)?.price?.terms ?? [];
  const wantedAt = wish?.startAt === undefined || wish.startAt === null ? ctx.now : instant(wish.startAt);
  const proven = explanation ? waysFrom(explanation, query, terms, wantedAt) : [];
  // Where the plan has looked for room its suggestions are the better ones; money and quotes have their own.
  const others = refusal && !explanation?.free ? waysOn(refusal, query) : [];
  return toAlternatives(orgSlug, [...proven, ...others], skus);
}

/** What looks possible instead of a wish that does not, from the published table, as links that fill the form. */
export async function likelyAlternatives(
  orgSlug: string,
  why: Explanation,
  { query, sku, now }: { readonly query: BookingQuery; readonly sku: Sku; readonly now: Instant },
): Promise<Alternative[]> {
  return toAlternatives(orgSlug, waysFrom(why, query, sku.price?.terms ?? [], now), [sku]);
}
