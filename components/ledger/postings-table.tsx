import { InstantText } from '#components/format/instant-text.tsx';
import { LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Asset } from '#lib/ledger/types.ts';
import type { AccountPosting } from '#lib/ledger/view-types.ts';
import { BalanceText } from './balance-text.tsx';

/** An account's legs, newest first, each with the balance after it. */
export async function PostingsTable({ rows, asset }: { rows: readonly AccountPosting[]; asset: Asset }) {
  const t = await getTranslations('ledger');
  const columns: Column<AccountPosting>[] = [
    {
      key: 'effective',
      header: t('journal.effectiveAt'),
      cell: ({ effectiveAt }) => <InstantText at={effectiveAt} hasSeconds />,
    },
    {
      key: 'journal',
      header: t('journal.id'),
      cell: ({ journalId }) => (
        <TextLink href={`/finance/ledger/journals/${journalId}`} className="num">
          {journalId}
        </TextLink>
      ),
    },
    {
      key: 'kind',
      header: t('journal.kind'),
      className: 'whitespace-nowrap',
      cell: ({ kind }) => t(`journalKind.${kind}`),
    },
    {
      key: 'key',
      header: t('journal.key'),
      isWideOnly: true,
      cell: ({ key }) => <code className="text-xs wrap-anywhere text-ink-2">{key}</code>,
    },
    {
      key: 'debit',
      header: t('balance.debit'),
      align: 'end',
      cell: ({ debitUnits }) => <LedgerLeg amount={debitUnits} asset={asset} />,
    },
    {
      key: 'credit',
      header: t('balance.credit'),
      align: 'end',
      cell: ({ creditUnits }) => <LedgerLeg amount={creditUnits} asset={asset} />,
    },
    {
      key: 'balance',
      header: t('account.balance'),
      align: 'end',
      cell: ({ balanceAfterUnits }) => <BalanceText amount={balanceAfterUnits} asset={asset} />,
    },
  ];
  return (
    <DataTable
      label={t('account.postings')}
      columns={columns}
      rows={rows}
      rowKey={({ journalId, leg }) => `${journalId}.${leg}`}
      empty={<EmptyState title={t('account.noPostings')} />}
    />
  );
}
