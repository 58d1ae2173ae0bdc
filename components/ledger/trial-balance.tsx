import { Count } from '#components/format/quantity-text.tsx';
import { LedgerAmount, LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { formatCount } from '#components/format/digits.ts';
import { formatUnitsExact } from '#components/format/money.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { BalanceText } from './balance-text.tsx';
import type { Asset } from '#lib/ledger/types.ts';
import { ACCOUNT_NUMBERS, type ChartLine, type TrialBalance } from '#lib/ledger/view-types.ts';

type Texts = Awaited<ReturnType<typeof getTranslations<'ledger'>>>;

/** What a line of the chart says, but for its two sides; accountants know money by numbers, seconds have none. */
function namingColumns(t: Texts, asset: Asset): Column<ChartLine>[] {
  const number: Column<ChartLine> = {
    key: 'number',
    header: t('balance.number'),
    isWideOnly: true,
    cell: ({ kind }) => <span className="num text-ink-3">{ACCOUNT_NUMBERS[kind]}</span>,
  };
  return [
    ...(asset === 'CNY/8' ? [number] : []),
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
  ];
}

/** Debit and credit side by side, or on a phone one column that names the side. */
function sideColumns(t: Texts, asset: Asset): Column<ChartLine>[] {
  const sides = [
    { key: 'debit', sign: -1n },
    { key: 'credit', sign: 1n },
  ] as const;
  return [
    ...sides.map(
      ({ key, sign }): Column<ChartLine> => ({
        key,
        header: t(`balance.${key}`),
        align: 'end',
        isWideOnly: true,
        cell: ({ balanceUnits }) => (
          <LedgerLeg amount={balanceUnits * sign > 0n ? balanceUnits * sign : 0n} asset={asset} />
        ),
      }),
    ),
    {
      key: 'balance',
      header: t('account.balance'),
      align: 'end',
      className: 'md:hidden',
      cell: ({ balanceUnits }) => <BalanceText amount={balanceUnits} asset={asset} />,
    },
  ];
}

/** The trial balance of one asset: every kind on its side, both sides summed, and whether they are equal. */
export async function TrialBalancePanel({ balance }: { balance: TrialBalance }) {
  const t = await getTranslations('ledger');
  const { asset, lines, debitUnits, creditUnits, differenceUnits } = balance;
  const isMoney = asset === 'CNY/8';
  const columns = [...namingColumns(t, asset), ...sideColumns(t, asset)];
  const difference = isMoney ? formatUnitsExact(units(differenceUnits)) : formatCount(differenceUnits);
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
          <Badge tone="danger">{t('balance.differs', { difference })}</Badge>
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
            {columns.slice(1, -3).map(({ key }) => (
              <Cell key={key} className="max-md:hidden" />
            ))}
            <Cell align="end" className="max-md:hidden">
              <LedgerAmount amount={debitUnits} asset={asset} />
            </Cell>
            <Cell align="end" className="max-md:hidden">
              <LedgerAmount amount={creditUnits} asset={asset} />
            </Cell>
            <Cell align="end" className="md:hidden">
              <BalanceText amount={-debitUnits} asset={asset} />
              <br />
              <BalanceText amount={creditUnits} asset={asset} />
            </Cell>
          </tr>
        }
      />
    </Panel>
  );
}
