import { agreedPriceE10 } from '#lib/catalog/agreed.ts';
import type { PriceAgreement } from '#lib/catalog/agreement-types.ts';
import type { Sku } from '#lib/catalog/types.ts';
import { type PriceE10, WHOLE_BPS } from '#lib/core/money.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { getTranslations } from '#lib/i18n/server.ts';
import { modelName, siteName } from '../catalog/model-name.ts';
import { formatFactor } from '../format/factor.ts';
import { formatInstant } from '../format/instant.ts';
import { formatPrice } from '../format/money.ts';

type Texts = Awaited<ReturnType<typeof getTranslations<'agreements'>>>;

/** A SKU as finance reads it: what, where and how it is sold. */
export function skuText(t: Texts, locale: Locale, { model, siteName: site, purchase }: Sku): string {
  return t('sku', { model: modelName(locale, model.name), site: siteName(locale, site), way: t(`way.${purchase}`) });
}

/** What is agreed: a part of the list price, or a price. */
export function pricingText(t: Texts, { pricing }: Pick<PriceAgreement, 'pricing'>): string {
  return pricing.kind === 'factor'
    ? t('factor', { share: formatFactor(pricing.factorBps) })
    : t('fixed', { price: formatPrice(pricing.priceE10PerCardHour) });
}

/** What the list asks now for a SKU and what is agreed makes of it. */
export function exampleText(t: Texts, { pricing }: Pick<PriceAgreement, 'pricing'>, list: PriceE10): string {
  const price = agreedPriceE10({
    standardPriceE10: list,
    tierFactorBps: Number(WHOLE_BPS),
    factorBps: pricing.kind === 'factor' ? pricing.factorBps : null,
    fixedPriceE10: pricing.kind === 'fixed' ? pricing.priceE10PerCardHour : null,
  });
  return t('example', { list: formatPrice(list), price: formatPrice(price) });
}

/** From when to when quotes have it, as two sentences. */
export function periodTexts(t: Texts, { validFrom, validTo }: PriceAgreement): readonly [string, string] {
  return [
    validFrom === null ? t('fromApproval') : t('from', { at: formatInstant(validFrom) }),
    validTo === null ? t('noEnd') : t('until', { at: formatInstant(validTo) }),
  ];
}
