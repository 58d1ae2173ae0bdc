import type { Equation } from '#lib/billing/explain/equation.ts';
import { type Figure, RULES } from '#lib/billing/explain/rules.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { ruleTranslator, translator } from '#lib/i18n/translator.ts';
import { figureText } from './figure-text.ts';

/** A step as a person reads it: what it is, its calculation, what that comes to now, and what was written down then. */
export type EquationText = {
  readonly name: string;
  readonly calculation: string;
  readonly result: string;
  readonly stated: string;
};

export function equationText(locale: Locale, { rule, operands, result, stated }: Equation): EquationText {
  const facts: { readonly figures: Readonly<Record<string, Figure>>; readonly result: Figure } = RULES[rule];
  const values = Object.fromEntries(
    Object.entries(facts.figures).map(([name, figure]) => [name, figureText(locale, figure, operands[name] ?? 0n)]),
  );
  const rt = ruleTranslator(locale);
  return {
    name: rt(`${rule}.name`, {}),
    calculation: rt(`${rule}.text`, values),
    result: result === null ? translator(locale, 'origin')('nothing') : figureText(locale, facts.result, result),
    stated: figureText(locale, facts.result, stated),
  };
}
