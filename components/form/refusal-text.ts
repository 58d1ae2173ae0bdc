import { type Instant, instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Refusal } from '#lib/core/result.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { refusalTranslator } from '#lib/i18n/translator.ts';
import { formatInstant } from '../format/instant.ts';
import { formatFen, formatUnits } from '../format/money.ts';
import type { RefusalText } from './form-state.ts';

/** A number behind a refusal as text. The name's last word is its unit, as everywhere in the house. */
function shown(name: string, value: unknown): string | number {
  if (typeof value === 'number' && name.endsWith('At')) return formatInstant(instant(value) satisfies Instant);
  if (typeof value === 'bigint' && name.endsWith('Units')) return formatUnits(units(value));
  if (typeof value === 'bigint' && name.endsWith('Fen')) return formatFen(fen(value));
  return typeof value === 'number' ? value : String(value);
}

/** A refusal as a person reads it. Only codes that have a text can be passed. */
export function refusalText(locale: Locale, refusal: Refusal & { readonly code: RefusalCode }): RefusalText {
  const { code, ...numbers } = refusal;
  const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, shown(name, value)]));
  const t = refusalTranslator(locale);
  return { code, what: t(`${code}.what`, values), safe: t(`${code}.safe`, values), todo: t(`${code}.todo`, values) };
}
