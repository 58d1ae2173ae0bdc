import { Count } from '#components/format/quantity-text.tsx';
import { LedgerAmount, LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { ledgerAmountParts } from '#components/format/ledger-amount.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { ACCOUNT_NUMBERS, type ChartLine, type TrialBalance } from '#lib/ledger/view-types.ts';

/** The trial balance of one asset: every kind on its side, both sides summed, and whether they are equal. */
export async function TrialBalancePanel({ balance }: { balance: TrialBalance }) {
  const t = await getTranslations('ledger');
  const { asset, lines, debitUnits, creditUnits, differenceUnits } = balance;
  const isMoney = asset === 'CNY/8';
  const columns: Column<ChartLine>[] = [
    ...(isMoney
      ? [
          {
            key: 'number',
            header: t('balance.number'),
            isWideOnly: true,
            cell: ({ kind }: ChartLine) => <span className="num text-ink-3">{ACCOUNT_NUMBERS[kind]}</span>,
          },
        ]
      : []),
    {
      key: 'kind',
      header: t('balance.kind'),
      className: 'whitespace-nowrap',
      cell: ({ kind }) => (
        <TextLink href={`/finance/ledger/accounts?${new URLSearchParams({ kind, asset })}`}>
          {t(`kind.${kind}`)}
        </TextLink>
      ),
    },
    { key: 'class', header: t('balance.class'), isWideOnly: true, cell: (line) => t(`class.${line.class}`) },
    {
      key: 'source',
      header: t('balance.source'),
      isWideOnly: true,
      cell: ({ isLocked }) => <span className="text-ink-2">{isLocked ? t('balance.kept') : t('balance.derived')}</span>,
    },
    {
      key: 'accounts',
      header: t('balance.accounts'),
      align: 'end',
      isWideOnly: true,
      cell: ({ accounts }) => <Count count={accounts} />,
    },
    {
      key: 'debit',
      header: t('balance.debit'),
      align: 'end',
      cell: ({ balanceUnits }) => <LedgerLeg amount={balanceUnits < 0n ? -balanceUnits : 0n} asset={asset} />,
    },
    {
      key: 'credit',
      header: t('balance.credit'),
      align: 'end',
      cell: ({ balanceUnits }) => <LedgerLeg amount={balanceUnits > 0n ? balanceUnits : 0n} asset={asset} />,
    },
  ];
  const { main, below } = ledgerAmountParts(differenceUnits, asset);
  const title = isMoney ? t('balance.money') : t('balance.seconds', { pool: asset.slice('CARDSEC:'.length) });
  return (
    <Panel
      title={title}
      description={isMoney ? t('balance.moneyLead') : undefined}
      isFlush
      actions={
        differenceUnits === 0n ? (
          <Badge tone="ok">{t('balance.zero')}</Badge>
        ) : (
          <Badge tone="danger">{t('balance.differs', { difference: main + below })}</Badge>
        )
      }
    >
      <DataTable
        label={title}
        columns={columns}
        rows={lines}
        rowKey={({ kind }) => kind}
        empty={null}
        foot={
          <tr>
            <Cell>{t('balance.total')}</Cell>
            {columns.slice(1, -2).map(({ key }) => (
              <Cell key={key} className="max-md:hidden" />
            ))}
            <Cell align="end">
              <LedgerAmount amount={debitUnits} asset={asset} />
            </Cell>
            <Cell align="end">
              <LedgerAmount amount={creditUnits} asset={asset} />
            </Cell>
          </tr>
        }
      />
    </Panel>
  );
}
