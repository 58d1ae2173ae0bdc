import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Refusal } from '#lib/core/result.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { refusalTranslator } from '#lib/i18n/translator.ts';
import { formatInstant } from '../format/instant.ts';
import { formatFen, formatUnits } from '../format/money.ts';
import type { RefusalText } from './form-state.ts';

/** What stands for a value that is not known, in texts that ask with `select`. */
const UNKNOWN = 'none';

/** A number behind a refusal as text. The name's last word is its unit, as everywhere in the house. */
function shown(name: string, value: unknown): string | number {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === 'number') return name.endsWith('At') ? formatInstant(instant(value)) : value;
  // Amounts come as bigint, or as decimal text out of a stored answer.
  if (name.endsWith('Units')) return formatUnits(units(BigInt(String(value))));
  if (name.endsWith('Fen')) return formatFen(fen(BigInt(String(value))));
  return String(value);
}

/** A refusal as a person reads it. Only codes that have a text can be passed. */
export function refusalText(locale: Locale, refusal: Refusal & { readonly code: RefusalCode }): RefusalText {
  const { code, ...numbers } = refusal;
  const values = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, shown(name, value)]));
  const t = refusalTranslator(locale);
  return { code, what: t(`${code}.what`, values), safe: t(`${code}.safe`, values), todo: t(`${code}.todo`, values) };
}
