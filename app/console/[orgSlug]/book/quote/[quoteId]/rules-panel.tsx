import { Panel } from '#components/ui/panel.tsx';
import { ScrollRegion } from '#components/ui/scroll-region.tsx';
import { Cell, ColumnHeading, Table, TableRow } from '#components/ui/table.tsx';
import type { ArrearsTerms } from '#lib/arrears/types.ts';
import type { QuoteView } from '#lib/catalog/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { refundsTerm, type RefundTerms } from '#lib/reservations/refund-terms.ts';

type Rule = 'cancel' | 'release' | 'releaseTerm' | 'refundTerm' | 'fault' | 'funds' | 'extend';

/** The rules that can concern this quote: a start "now" is never cancelled before it, a term needs no more money. */
function rulesOf({ startAt, term, durationSeconds }: QuoteView, refunds: RefundTerms | null): Rule[] {
  return [
    ...(startAt === null ? [] : ['cancel' as const]),
    term === null ? 'release' : 'releaseTerm',
    ...(term !== null && refunds !== null && refundsTerm(refunds, term) ? ['refundTerm' as const] : []),
    'fault',
    ...(term === null && durationSeconds === null ? ['funds' as const] : ['extend' as const]),
  ];
}

/** What is refunded when. */
export async function RulesPanel({
  quote,
  terms,
  refunds,
}: {
  quote: QuoteView;
  terms: ArrearsTerms;
  refunds: RefundTerms | null;
}) {
  const t = await getTranslations('booking');
  const values = {
    percent: quote.price.returnShareBps / 100,
    first: terms.firstWarningHours,
    last: terms.lastWarningHours,
    grace: terms.graceSeconds / 3_600,
    days: terms.retentionDays,
    refundDays: refunds?.windowDays ?? 0,
  };
  return (
    <Panel title={t('quote.rules')} isFlush>
      <ScrollRegion label={t('quote.rules')}>
        <Table>
          <thead>
            <tr>
              <ColumnHeading>{t('quote.rule')}</ColumnHeading>
              <ColumnHeading>{t('quote.ruleResult')}</ColumnHeading>
            </tr>
          </thead>
          <tbody>
            {rulesOf(quote, refunds).map((rule) => (
              <TableRow key={rule}>
                <Cell>{t(`quote.ruleRows.${rule}.when`, values)}</Cell>
                <Cell className="text-ink-2">{t(`quote.ruleRows.${rule}.result`, values)}</Cell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </ScrollRegion>
    </Panel>
  );
}
