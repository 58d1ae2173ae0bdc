import { withQuery } from '#app/_edge/paging.ts';
import { ChartColumn } from 'lucide-react';
import Link from 'next/link';
import { UsageFoot, usageColumns, usageTail } from '#components/billing/usage-columns.tsx';
import { formatCount } from '#components/format/digits.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { MonthUsage, ReservationUsage } from '#lib/billing/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';

async function subjectColumns(base: string, month: string): Promise<Column<ReservationUsage>[]> {
  const t = await getTranslations('usage');
  const isChinese = (await requestLocale()) === 'zh-CN';
  return [
    {
      key: 'reservation',
      header: t('reservation'),
      cell: ({ reservationId, reservationName }) => (
        <TextLink href={withQuery(`${base}/usage/${reservationId}`, { month })}>{reservationName}</TextLink>
      ),
    },
    {
      key: 'product',
      header: t('product'),
      isWideOnly: true,
      cell: ({ model, siteName, purchase }) => (
        <>
          {model}
          <span className="block text-xs text-ink-3">
            {isChinese ? siteName.zh : siteName.en} · {t(`purchase.${purchase}`)}
          </span>
        </>
      ),
    },
    { key: 'cards', header: t('cards'), align: 'end', isWideOnly: true, cell: ({ cards }) => formatCount(cards) },
  ];
}

/** A month's usage by reservation, the most expensive first, with the totals of the whole month. */
export async function UsageTable({ usage, base, month }: { usage: MonthUsage; base: string; month: string }) {
  const t = await getTranslations('usage');
  const tail = usageTail(usage.rows, usage.totals);
  const columns: Column<ReservationUsage>[] = [...(await subjectColumns(base, month)), ...(await usageColumns(tail))];
  return (
    <DataTable
      label={t('perReservation')}
      columns={columns}
      rows={usage.rows}
      rowKey={({ reservationId }) => reservationId}
      empty={
        <EmptyState
          Icon={ChartColumn}
          title={t('empty')}
          text={t('emptyText')}
          action={
            <Link href={`${base}/book`} className={buttonClass()}>
              {t('book')}
            </Link>
          }
        />
      }
      foot={
        <UsageFoot
          totals={usage.totals}
          tail={tail}
          before={
            <>
              <Cell>{t('total')}</Cell>
              <Cell colSpan={2} className="max-md:hidden" />
            </>
          }
        />
      }
    />
  );
}
