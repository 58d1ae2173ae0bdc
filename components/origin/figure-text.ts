import type { Figure } from '#lib/billing/explain/rules.ts';
import { fen, priceE10, toDecimal, units } from '#lib/core/money.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { translator } from '#lib/i18n/translator.ts';
import { formatCount, groupDigits } from '../format/digits.ts';
import { formatFen, formatPrice, formatUnitsExact } from '../format/money.ts';

/** Drops the zeros at the end of a decimal, and a point that nothing follows. */
const shorten = (decimal: string): string => decimal.replace(/\.?0+$/, '');

/** `6%` of 600 basis points. */
const percent = (bps: bigint): string => `${shorten(toDecimal(bps, 2, 2))}%`;

/** A figure of an equation in words: exact, with its unit. Altered data may be negative where it never should be. */
export function figureText(locale: Locale, figure: Figure, value: bigint): string {
  const t = translator(locale, 'origin');
  switch (figure) {
    case 'units':
      return formatUnitsExact(units(value));
    case 'fen':
      return formatFen(fen(value));
    case 'price':
      return value < 0n ? `-${formatPrice(priceE10(-value))}` : formatPrice(priceE10(value));
    case 'bps':
      return percent(value);
    case 'count':
      return formatCount(value);
    case 'seconds':
      return t('figure.seconds', { count: formatCount(value) });
    case 'weightedSeconds':
      return t('figure.weightedSeconds', { count: groupDigits(shorten(toDecimal(value, 4, 4))) });
  }
}
