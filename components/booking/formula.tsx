import type { PriceVersion, QuoteLine, Term } from '#lib/catalog/types.ts';
import { type Units, units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { AgreedNote } from '../agreements/agreed-note.tsx';
import { formatFactor } from '../format/factor.ts';
import { formatPrice, formatUnitsExact } from '../format/money.ts';

export type FormulaProps = {
  readonly price: PriceVersion;
  readonly term: Term | null;
  readonly lines: readonly QuoteLine[];
  readonly cards: number;
  readonly totalUnits: Units;
};

/** How a total comes about: each stretch at its band, one card, all cards. The amounts are exact and sum. */
export async function Formula({ price, term, lines, cards, totalUnits }: FormulaProps) {
  const t = await getTranslations('booking');
  const perCard = units(lines.reduce((sum, line) => sum + line.amountUnits, 0n));
  const unitPrice = formatPrice(price.priceE10PerCardHour);
  const textOf = ({ seconds, factorBps }: QuoteLine): string => {
    const values = { seconds, price: unitPrice, factor: formatFactor(factorBps) };
    return term === null
      ? t('summary.formula', values)
      : t('summary.formulaTerm', { ...values, term: t(`when.terms.${term}`) });
  };
  return (
    <>
      <dl className="num grid gap-1 text-sm">
        {lines.map((line) => (
          <div key={line.factorBps} className="flex flex-wrap justify-between gap-x-4">
            <dt className="text-ink-2">{textOf(line)}</dt>
            <dd className="ml-auto">{formatUnitsExact(line.amountUnits)}</dd>
          </div>
        ))}
        <div className="flex justify-between gap-x-4 border-t border-line pt-1">
          <dt className="text-ink-2">{t('summary.perCard')}</dt>
          <dd>{formatUnitsExact(perCard)}</dd>
        </div>
        <div className="flex justify-between gap-x-4 font-medium">
          <dt>× {t('summary.allCards', { cards })}</dt>
          <dd>{formatUnitsExact(totalUnits)}</dd>
        </div>
      </dl>
      <AgreedNote price={price} totalUnits={totalUnits} />
    </>
  );
}
