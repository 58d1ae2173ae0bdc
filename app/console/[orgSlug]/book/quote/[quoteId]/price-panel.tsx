import { AgreedNote } from '#components/agreements/agreed-note.tsx';
import { Formula } from '#components/booking/formula.tsx';
import { formatFactor } from '#components/format/factor.ts';
import { formatCount } from '#components/format/digits.ts';
import { formatPrice, formatUnitsExact } from '#components/format/money.ts';
import { Panel } from '#components/ui/panel.tsx';
import { ScrollRegion } from '#components/ui/scroll-region.tsx';
import { Cell, ColumnHeading, Table, TableRow } from '#components/ui/table.tsx';
import type { QuoteView } from '#lib/catalog/service.ts';
import { units, WHOLE_BPS } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

async function Sums({ quote }: { quote: QuoteView }) {
  const t = await getTranslations('booking');
  const perCard = units(quote.lines.reduce((sum, { amountUnits }) => sum + amountUnits, 0n));
  const rows = [
    { label: t('quote.perCard'), amount: perCard },
    { label: t('quote.timesCards', { cards: quote.cards }), amount: quote.totalUnits },
  ];
  return (
    <tfoot className="border-t border-line-strong">
      {rows.map(({ label, amount }, index) => (
        <tr key={label} className={index === 1 ? 'font-semibold' : 'font-normal'}>
          <th scope="row" colSpan={4} className="px-4 py-1.5 text-left [font-weight:inherit] sm:px-5">
            {label}
          </th>
          <Cell align="end">{formatUnitsExact(amount)}</Cell>
        </tr>
      ))}
    </tfoot>
  );
}

/** How the total comes about: seconds × price × factor, line by line, one card and all cards, to the last digit. */
export async function PricePanel({ quote }: { quote: QuoteView }) {
  const t = await getTranslations('booking');
  const { lines, price, term, sku } = quote;
  const nameOf = (factorBps: number): string => {
    if (term !== null) return t(`when.terms.${term}`);
    return t(BigInt(factorBps) === WHOLE_BPS ? 'quote.fullLine' : 'quote.bandLine');
  };
  return (
    <Panel title={t('quote.price')} isFlush>
      <div className="p-4 sm:hidden">
        <Formula {...quote} />
      </div>
      <ScrollRegion label={t('quote.price')} className="max-sm:hidden">
        <Table>
          <thead>
            <tr>
              <ColumnHeading>{t('quote.line')}</ColumnHeading>
              <ColumnHeading align="end">{t('quote.lineSeconds')}</ColumnHeading>
              <ColumnHeading align="end">× {t('quote.linePrice')}</ColumnHeading>
              <ColumnHeading align="end">× {t('quote.lineFactor')}</ColumnHeading>
              <ColumnHeading align="end">{t('quote.lineAmount')}</ColumnHeading>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ seconds, factorBps, amountUnits }) => (
              <TableRow key={factorBps}>
                <Cell>{nameOf(factorBps)}</Cell>
                <Cell align="end">{formatCount(seconds)}</Cell>
                <Cell align="end">{formatPrice(price.priceE10PerCardHour)}</Cell>
                <Cell align="end">{formatFactor(factorBps)}</Cell>
                <Cell align="end">{formatUnitsExact(amountUnits)}</Cell>
              </TableRow>
            ))}
          </tbody>
          <Sums quote={quote} />
        </Table>
      </ScrollRegion>
      <div className="border-t border-line px-4 py-2.5 text-xs text-ink-2 sm:px-5">
        {t('quote.version', { id: price.id, tax: formatFactor(sku.taxRateBps) })}
        <div className="max-sm:hidden">
          <AgreedNote price={price} totalUnits={quote.totalUnits} />
        </div>
      </div>
    </Panel>
  );
}
