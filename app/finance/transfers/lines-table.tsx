import type { ReactNode } from 'react';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { BankLineBadge } from '#components/payments/bank-line-badge.tsx';
import { MatchDialog } from '#components/payments/match-dialog.tsx';
import { SuggestionText } from '#components/payments/suggestion-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { BankLine, MatchSuggestion } from '#lib/payments/types.ts';
import { matchAction } from './actions.ts';

export type LineRow = { readonly line: BankLine; readonly suggestions: readonly MatchSuggestion[] };

async function Clue({ line, suggestions }: LineRow) {
  const t = await getTranslations('receipts');
  const [best] = suggestions;
  if (line.state !== 'unmatched') return <BankLineBadge state={line.state} />;
  if (!best) return <span className="text-ink-3">{t('list.noSuggestion')}</span>;
  return (
    <>
      <SuggestionText suggestion={best} />
      {suggestions.length > 1 && (
        <span className="text-xs text-ink-3">{t('list.more', { count: suggestions.length - 1 })}</span>
      )}
    </>
  );
}

/** Bank lines, with what they may be while they wait and where they went once they do not. */
export async function LinesTable({
  rows,
  canMatch,
  isCompact = false,
  empty,
}: {
  rows: readonly LineRow[];
  canMatch: boolean;
  /** Without time and reference, for a narrow place. */
  isCompact?: boolean;
  empty: ReactNode;
}) {
  const t = await getTranslations('receipts');
  const columns: Column<LineRow>[] = [
    {
      key: 'payer',
      header: t('list.payer'),
      cell: ({ line }) => (
        <>
          <TextLink href={`/finance/transfers/${line.id}`}>{line.payerName}</TextLink>
          <span className="block text-xs wrap-anywhere text-ink-2">
            {line.remark === '' ? t('list.noRemark') : line.remark}
          </span>
        </>
      ),
    },
    {
      key: 'amount',
      header: t('list.amount'),
      align: 'end',
      cell: ({ line }) => (
        <span className="font-medium">
          <Money fen={line.amountFen} />
        </span>
      ),
    },
    { key: 'clue', header: t('list.status'), cell: (row) => <Clue {...row} /> },
    {
      key: 'received',
      header: t('list.received'),
      isWideOnly: true,
      cell: ({ line }) => <InstantText at={line.receivedAt} />,
    },
    {
      key: 'reference',
      header: t('list.reference'),
      isWideOnly: true,
      cell: ({ line }) => <code className="text-xs wrap-anywhere text-ink-2">{line.bankReference}</code>,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('list.actions')}</span>,
      align: 'end',
      cell: ({ line, suggestions: [best] }) =>
        canMatch && best && <MatchDialog line={line} suggestion={best} action={matchAction} initial={freshForm()} />,
    },
  ];
  const shown = isCompact ? columns.filter(({ key }) => key !== 'received' && key !== 'reference') : columns;
  return <DataTable label={t('list.title')} columns={shown} rows={rows} rowKey={({ line }) => line.id} empty={empty} />;
}
