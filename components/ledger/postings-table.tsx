import { InstantText } from '#components/format/instant-text.tsx';
import { LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Asset } from '#lib/ledger/types.ts';
import type { AccountPosting } from '#lib/ledger/view-types.ts';
import { BalanceText } from './balance-text.tsx';

type Texts = Awaited<ReturnType<typeof getTranslations<'ledger'>>>;

function columnsOf(t: Texts, asset: Asset): Column<AccountPosting>[] {
  return [
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
      cell: ({ kind, effectiveAt }) => (
        <>
          {t(`journalKind.${kind}`)}
          <span className="block text-xs text-ink-2 md:hidden">
            <InstantText at={effectiveAt} />
          </span>
        </>
      ),
    },
    {
      key: 'effective',
      header: t('journal.effectiveAt'),
      isWideOnly: true,
      cell: ({ effectiveAt }) => <InstantText at={effectiveAt} hasSeconds />,
    },
    {
      key: 'key',
      header: t('journal.key'),
      isWideOnly: true,
      cell: ({ key }) => <code className="text-xs wrap-anywhere text-ink-2">{key}</code>,
    },
    {
      key: 'amount',
      header: t('journal.amount'),
      align: 'end',
      className: 'md:hidden',
      cell: ({ debitUnits, creditUnits }) => <BalanceText amount={creditUnits - debitUnits} asset={asset} />,
    },
    {
      key: 'debit',
      header: t('balance.debit'),
      align: 'end',
      isWideOnly: true,
      cell: ({ debitUnits }) => <LedgerLeg amount={debitUnits} asset={asset} />,
    },
    {
      key: 'credit',
      header: t('balance.credit'),
      align: 'end',
      isWideOnly: true,
      cell: ({ creditUnits }) => <LedgerLeg amount={creditUnits} asset={asset} />,
    },
    {
      key: 'balance',
      header: t('account.balance'),
      align: 'end',
      isWideOnly: true,
      cell: ({ balanceAfterUnits }) => <BalanceText amount={balanceAfterUnits} asset={asset} />,
    },
  ];
}

/** An account's legs, newest first, each with the balance after it. */
export async function PostingsTable({ rows, asset }: { rows: readonly AccountPosting[]; asset: Asset }) {
  const t = await getTranslations('ledger');
  return (
    <DataTable
      label={t('account.postings')}
      columns={columnsOf(t, asset)}
      rows={rows}
      rowKey={({ journalId, leg }) => `${journalId}.${leg}`}
      empty={<EmptyState title={t('account.noPostings')} />}
    />
  );
}
