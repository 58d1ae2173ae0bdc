import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { PlaceRef } from '#lib/inventory/view-types.ts';
import { Breadcrumbs } from '../ui/breadcrumbs.tsx';
import { localName, placeHref } from './place-text.ts';

/** The places above something, from the root down. */
export async function PlaceCrumbs({ places }: { places: readonly PlaceRef[] }) {
  const [t, locale] = [await getTranslations('ops'), await requestLocale()];
  const crumbs = places.map((place) => ({ label: localName(place.name, locale), href: placeHref(place) }));
  return <Breadcrumbs label={t('server.path')} crumbs={crumbs} />;
}
