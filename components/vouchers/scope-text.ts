import type { Sku } from '#lib/catalog/types.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { VoucherScope } from '#lib/vouchers/types.ts';
import { translator } from '#lib/i18n/translator.ts';
import { modelName, siteName } from '../catalog/model-name.ts';

/** The names behind the ids of a scope, in the words of the catalogue. */
export type ScopeNames = {
  readonly sites: ReadonlyMap<string, string>;
  readonly models: ReadonlyMap<string, string>;
};

/** What is on sale, by site and by card model. */
export function scopeNames(skus: readonly Pick<Sku, 'siteId' | 'siteName' | 'model'>[], locale: Locale): ScopeNames {
  return {
    sites: new Map(skus.map((sku) => [sku.siteId, siteName(locale, sku.siteName)])),
    models: new Map(skus.map((sku) => [sku.model.id, modelName(locale, sku.model.name)])),
  };
}

/** A scope in words: what a voucher is good for. An id that is not on sale any more stands for itself. */
export function scopeText(locale: Locale, names: ScopeNames, scope: VoucherScope): string {
  const t = translator(locale, 'vouchers');
  const [comma, semicolon] = locale === 'en' ? [', ', '; '] : ['、', '；'];
  const listed = (ids: readonly string[], known: ReadonlyMap<string, string>): string =>
    ids.map((id) => known.get(id) ?? id).join(comma);
  const parts = [
    scope.siteIds.length > 0 && t('scope.bySite', { names: listed(scope.siteIds, names.sites) }),
    scope.modelIds.length > 0 && t('scope.byModel', { names: listed(scope.modelIds, names.models) }),
    scope.purchases.length > 0 &&
      t('scope.byWay', { names: scope.purchases.map((purchase) => t(`way.${purchase}`)).join(comma) }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(semicolon) : t('scope.any');
}
