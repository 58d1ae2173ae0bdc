import { freshForm } from '#app/_edge/fresh-form.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { MatchDialog } from '#components/payments/match-dialog.tsx';
import { SuggestionText } from '#components/payments/suggestion-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { BankLineDetail, MatchSuggestion } from '#lib/payments/types.ts';
import { matchAction } from '../actions.ts';

/** The transfers that a waiting line may be: first those that something speaks for, then all others, by hand. */
export async function CandidatePanels({ detail, canMatch }: { detail: BankLineDetail; canMatch: boolean }) {
  const t = await getTranslations('receipts');
  const { line, suggestions, others } = detail;
  const columns: Column<MatchSuggestion>[] = [
    {
      key: 'organisation',
      header: t('line.organisation'),
      cell: (candidate) => (
        <>
          <SuggestionText suggestion={candidate} />
          <code className="text-xs text-ink-2">{candidate.payment.remittanceCode}</code>
        </>
      ),
    },
    {
      key: 'announced',
      header: t('match.announced'),
      align: 'end',
      cell: ({ payment }) => <Money fen={payment.amountFen} />,
    },
    {
      key: 'at',
      header: t('match.announcedAt'),
      isWideOnly: true,
      cell: ({ payment }) => <InstantText at={payment.createdAt} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('list.actions')}</span>,
      align: 'end',
      cell: (candidate) =>
        canMatch && <MatchDialog line={line} suggestion={candidate} action={matchAction} initial={freshForm()} />,
    },
  ];
  const byHand = others.map((transfer) => ({ ...transfer, isCodeInRemark: false, isAmountEqual: false }));
  const panels = [
    { key: 'suggestions', rows: suggestions },
    { key: 'others', rows: byHand },
  ] as const;
  if (suggestions.length + others.length === 0)
    return (
      <Panel>
        <EmptyState title={t('line.noneTitle')} text={t('line.noneText')} />
      </Panel>
    );
  return panels
    .filter(({ rows }) => rows.length > 0)
    .map(({ key, rows }) => (
      <Panel key={key} title={t(`line.${key}Title`)} description={t(`line.${key}Lead`)} isFlush>
        <DataTable
          label={t(`line.${key}Title`)}
          columns={columns}
          rows={rows}
          rowKey={({ payment }) => payment.id}
          empty={null}
        />
      </Panel>
    ));
}
