import type { ReactNode } from 'react';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { AccountView } from '#lib/ledger/view-types.ts';
import { BalanceText } from './balance-text.tsx';

/** Accounts with what they hold; each leads to its postings. */
export async function AccountsTable({ rows, empty }: { rows: readonly AccountView[]; empty: ReactNode }) {
  const t = await getTranslations('ledger');
  const columns: Column<AccountView>[] = [
    {
      key: 'path',
      header: t('account.path'),
      cell: ({ id, path }) => (
        <TextLink href={`/finance/ledger/accounts/${id}`}>
          <code className="text-xs wrap-anywhere">{path}</code>
        </TextLink>
      ),
    },
    { key: 'kind', header: t('balance.kind'), isWideOnly: true, cell: ({ kind }) => t(`kind.${kind}`) },
    {
      key: 'owner',
      header: t('account.owner'),
      cell: ({ organisationName }) => organisationName ?? <span className="text-ink-3">{t('account.noOwner')}</span>,
    },
    {
      key: 'balance',
      header: t('account.balance'),
      align: 'end',
      cell: ({ balanceUnits, asset }) => <BalanceText amount={balanceUnits} asset={asset} />,
    },
  ];
  return <DataTable label={t('search.accounts')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />;
}
