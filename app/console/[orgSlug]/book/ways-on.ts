import 'server-only';
import { type WayOn, waysOn } from '#components/booking/alternatives.ts';
import { type BookingQuery, bookingHref } from '#components/booking/booking-query.ts';
import type { Alternative } from '#components/form/form-state.ts';
import { formatInstant } from '#components/format/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The ways on from a refusal as links that fill the form. */
export async function alternativesOf(
  orgSlug: string,
  refusal: Parameters<typeof waysOn>[0],
  query: BookingQuery,
): Promise<Alternative[]> {
  const t = await getTranslations('booking');
  const labelOf = (way: WayOn): string => {
    if (way.kind === 'startAt') return t('wayOn.startAt', { at: formatInstant(way.startAt) });
    if (way.kind === 'cards') return t('wayOn.cards', { cards: way.cards });
    return t(`wayOn.${way.kind}`);
  };
  return waysOn(refusal, query).map((way) => ({
    label: labelOf(way),
    href: way.kind === 'topUp' ? `/console/${orgSlug}/wallet` : bookingHref(orgSlug, way.query),
  }));
}
