import { LedgerAmount, LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Asset } from '#lib/ledger/types.ts';
import type { LegView } from '#lib/ledger/view-types.ts';

/** The legs of a journal in one asset, summed on both sides. */
export async function LegsTable({ asset, legs }: { asset: Asset; legs: readonly LegView[] }) {
  const t = await getTranslations('ledger');
  const sum = (side: 'debitUnits' | 'creditUnits') => legs.reduce((total, leg) => total + leg[side], 0n);
  const columns: Column<LegView>[] = [
    {
      key: 'account',
      header: t('journal.account'),
      cell: ({ accountId, accountKind, path, organisationName }) => (
        <>
          <TextLink href={`/finance/ledger/accounts/${accountId}`}>{t(`kind.${accountKind}`)}</TextLink>
          {organisationName !== null && <span className="ml-2 text-ink-2">{organisationName}</span>}
          <code className="block text-xs wrap-anywhere text-ink-3 max-sm:hidden">{path}</code>
        </>
      ),
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
  ];
  const unit = asset === 'CNY/8' ? 'CNY' : `${asset.slice('CARDSEC:'.length)} · ${t('journal.seconds')}`;
  return (
    <DataTable
      label={`${t('journal.legs')} ${unit}`}
      columns={columns}
      rows={legs}
      rowKey={({ leg }) => `${leg}`}
      empty={null}
      foot={
        <tr>
          <Cell>
            {t('journal.total')} <span className="font-normal text-ink-3">{unit}</span>
          </Cell>
          <Cell align="end">
            <LedgerAmount amount={sum('debitUnits')} asset={asset} />
          </Cell>
          <Cell align="end">
            <LedgerAmount amount={sum('creditUnits')} asset={asset} />
          </Cell>
        </tr>
      }
    />
  );
}
