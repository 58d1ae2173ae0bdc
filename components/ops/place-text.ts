import type { Locale } from '#lib/i18n/locale.ts';
import type { CardAct } from '#lib/inventory/lifecycle.ts';
import type { LocalName } from '#lib/inventory/types.ts';
import type { ActTarget, PoolView } from '#lib/inventory/view-types.ts';
import { modelName } from '../catalog/model-name.ts';

/** The end of a path that says where something is within its site: `p03/s07/n2`. */
export function shortPath(path: string): string {
  return path.split('/').slice(2).join('/') || path;
}

/** A name of the inventory in the page's language. */
export function localName(name: LocalName, locale: Locale): string {
  return locale === 'en' ? name.en : name.zh;
}

/** Where a place is shown: a server has a page, everything else is in the tree. */
export function placeHref({ id, level }: { readonly id: string; readonly level: string }): string {
  return level === 'server' ? `/ops/servers/${id}` : `/ops/inventory?at=${id}`;
}

/** Where an act on cards or on a place is looked at and confirmed. */
export function actHref(act: CardAct, target: string): string {
  return `/ops/act?${new URLSearchParams({ do: act, target })}`;
}

/** Where maintenance of a target is planned: a place, a card, or several cards. */
export function maintenanceHref(...targets: readonly string[]): string {
  return `/ops/maintenance/new?${new URLSearchParams(targets.map((target) => ['target', target]))}`;
}

/** As many cards as an address names at most. */
export const TARGET_CARDS_MAX = 64;

/** What an address aims at: a place, or the cards that were chosen. */
export function targetOf(ids: readonly string[]): ActTarget | null {
  const [first] = ids;
  if (first === undefined || ids.length > TARGET_CARDS_MAX) return null;
  if (ids.every((id) => id.startsWith('crd_'))) return { kind: 'cards', ids };
  return ids.length === 1 ? { kind: 'place', id: first } : null;
}

/** A pool's name, site and model. `t` is the translator of the console's texts. */
export function poolName(
  t: (key: 'poolName', values: { site: string; model: string }) => string,
  locale: Locale,
  pool: Pick<PoolView, 'siteName' | 'modelName'>,
): string {
  return t('poolName', { site: localName(pool.siteName, locale), model: modelName(locale, pool.modelName) });
}
