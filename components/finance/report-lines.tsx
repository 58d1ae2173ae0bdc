import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Cell } from '#components/ui/table.tsx';
import { sectionSum } from '#lib/billing/reports/control.ts';
import type { ReportLine, ReportSection } from '#lib/billing/reports/types.ts';
import { toDecimal } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { JOURNAL_KINDS } from '#lib/ledger/view-types.ts';

/** `6%` of 600 basis points. */
const rateOf = (bps: number): string => `${toDecimal(BigInt(bps), 2, 2).replace(/\.?0+$/, '')}%`;

/** One part of a month's report, with its sum. */
export async function ReportLines({ section, lines }: { section: ReportSection; lines: readonly ReportLine[] }) {
  const [t, l] = [await getTranslations('reports'), await getTranslations('ledger')];
  const isChinese = (await requestLocale()) === 'zh-CN';
  const journalName = (kind: string | null): string => {
    const known = JOURNAL_KINDS.find((each) => each === kind);
    return known === undefined ? '' : l(`journalKind.${known}`);
  };
  const columns: Column<ReportLine>[] = [
    {
      key: 'item',
      header: t('item'),
      cell: ({ kind, model, siteName, purchase }) => (
        <>
          {model ?? t(`kind.${kind}`)}
          {model !== null && (
            <span className="block text-xs text-ink-2">
              {[t(`kind.${kind}`), isChinese ? siteName?.zh : siteName?.en, purchase && t(`purchase.${purchase}`)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          )}
        </>
      ),
    },
    { key: 'what', header: t('what'), isWideOnly: true, cell: ({ journalKind }) => journalName(journalKind) },
    {
      key: 'rate',
      header: t('rate'),
      align: 'end',
      isWideOnly: true,
      cell: ({ taxRateBps }) => taxRateBps !== null && <span className="num">{rateOf(taxRateBps)}</span>,
    },
    {
      key: 'amount',
      header: t('amount'),
      align: 'end',
      cell: ({ amountUnits }) => <Money units={amountUnits} isExact={section === 'residue'} />,
    },
  ];
  return (
    <DataTable
      label={t(`section.${section}`)}
      columns={columns}
      rows={lines}
      rowKey={({ kind, journalKind, skuId, taxRateBps }) => `${kind} ${journalKind} ${skuId} ${taxRateBps}`}
      empty={<p className="px-4 py-3 text-sm text-ink-2 sm:px-5">{t('none')}</p>}
      foot={
        <tr>
          <Cell>{t('total')}</Cell>
          <Cell className="max-md:hidden" />
          <Cell className="max-md:hidden" />
          <Cell align="end">
            <Money units={sectionSum(lines, section)} />
          </Cell>
        </tr>
      }
    />
  );
}
