import { Money, Price } from '#components/format/money-text.tsx';
import { CardHours } from '#components/format/quantity-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Cell } from '#components/ui/table.tsx';
import type { InvoiceSnapshot } from '#lib/billing/types.ts';
import { fen, priceE10, toDecimal } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';

type Line = InvoiceSnapshot['lines'][number];

const fenOf = (text: string) => fen(BigInt(text));

type Texts = Awaited<ReturnType<typeof getTranslations<'finance'>>>;

function columnsOf(t: Texts, isChinese: boolean): Column<Line>[] {
  return [
    {
      key: 'product',
      header: t('invoice.product'),
      cell: ({ model, siteZh, siteEn, purchase }) => (
        <>
          <span className="font-medium">{model}</span>
          <span className="block text-xs text-ink-2">
            {isChinese ? siteZh : siteEn} · {t(`invoice.purchase.${purchase}`)}
          </span>
        </>
      ),
    },
    {
      key: 'price',
      header: t('invoice.price'),
      align: 'end',
      isWideOnly: true,
      cell: ({ priceE10PerCardHour }) => <Price e10={priceE10(BigInt(priceE10PerCardHour))} />,
    },
    {
      key: 'used',
      header: t('invoice.usedSeconds'),
      align: 'end',
      isWideOnly: true,
      cell: ({ usedSeconds }) => <CardHours seconds={BigInt(usedSeconds)} />,
    },
    {
      key: 'unused',
      header: t('invoice.unusedSeconds'),
      align: 'end',
      isWideOnly: true,
      cell: ({ unusedSeconds }) => unusedSeconds !== '0' && <CardHours seconds={BigInt(unusedSeconds)} />,
    },
    {
      key: 'rate',
      header: t('invoice.taxRate'),
      align: 'end',
      isWideOnly: true,
      cell: ({ taxRateBps }) => `${toDecimal(BigInt(taxRateBps), 2, taxRateBps % 100 === 0 ? 0 : 2)}%`,
    },
    {
      key: 'net',
      header: t('invoice.net'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => <Money fen={fenOf(line.netFen)} />,
    },
    { key: 'tax', header: t('invoice.tax'), align: 'end', cell: (line) => <Money fen={fenOf(line.taxFen)} /> },
    { key: 'gross', header: t('invoice.gross'), align: 'end', cell: (line) => <Money fen={fenOf(line.grossFen)} /> },
  ];
}

/** The lines of an invoice as its snapshot has them: the same figures as the document. */
export async function InvoiceLines({ snapshot }: { snapshot: InvoiceSnapshot }) {
  const t = await getTranslations('finance');
  const columns = columnsOf(t, (await requestLocale()) === 'zh-CN');
  const { totals } = snapshot;
  return (
    <DataTable
      label={t('invoice.linesTitle')}
      columns={columns}
      rows={snapshot.lines}
      rowKey={({ line }) => `${line}`}
      empty={null}
      foot={
        <tr>
          <Cell>{t('invoice.sum')}</Cell>
          {columns.slice(1, -3).map(({ key }) => (
            <Cell key={key} className="max-md:hidden" />
          ))}
          <Cell align="end" className="max-md:hidden">
            <Money fen={fenOf(totals.netFen)} />
          </Cell>
          <Cell align="end">
            <Money fen={fenOf(totals.taxFen)} />
          </Cell>
          <Cell align="end">
            <Money fen={fenOf(totals.grossFen)} />
          </Cell>
        </tr>
      }
    />
  );
}
