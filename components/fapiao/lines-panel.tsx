import { formatFactor } from '#components/format/factor.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { FapiaoDetail } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { SignedMoney } from './signed-money.tsx';

/** The lines as they are printed, each with the invoice that it comes from. */
export async function LinesPanel({ detail: { fapiao, lines } }: { detail: FapiaoDetail }) {
  const t = await getTranslations('fapiao');
  const { kind } = fapiao;
  const columns: Column<FapiaoDetail['lines'][number]>[] = [
    {
      key: 'item',
      header: t('detail.item'),
      cell: ({ itemName, specification }) => (
        <>
          {itemName}
          <span className="block text-xs text-ink-2">{specification}</span>
        </>
      ),
    },
    {
      key: 'invoice',
      header: t('detail.invoice'),
      cell: ({ invoiceNumber }) => <span className="num whitespace-nowrap">{invoiceNumber}</span>,
    },
    {
      key: 'rate',
      header: t('detail.rate'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => formatFactor(line.taxRateBps),
    },
    {
      key: 'net',
      header: t('detail.net'),
      align: 'end',
      isWideOnly: true,
      cell: ({ netFen }) => <SignedMoney kind={kind} amountFen={netFen} />,
    },
    {
      key: 'tax',
      header: t('detail.tax'),
      align: 'end',
      isWideOnly: true,
      cell: ({ taxFen }) => <SignedMoney kind={kind} amountFen={taxFen} />,
    },
    {
      key: 'gross',
      header: t('detail.gross'),
      align: 'end',
      cell: ({ grossFen }) => <SignedMoney kind={kind} amountFen={grossFen} />,
    },
  ];
  return (
    <Panel title={t('detail.lines')} isFlush>
      <DataTable
        label={t('detail.lines')}
        columns={columns}
        rows={lines}
        rowKey={({ line }) => `${line}`}
        empty={null}
      />
    </Panel>
  );
}
