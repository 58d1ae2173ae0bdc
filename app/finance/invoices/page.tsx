import { ReceiptText } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, queryText, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { InvoicesTable } from '#components/finance/invoices-table.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import { listInvoices } from '#lib/billing/invoices.ts';
import { listPeriods } from '#lib/billing/periods.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const BASE = '/finance/invoices';
const ROWS = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('invoice.title') };
}

export default async function InvoicesPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('invoice:read');
  const query = await searchParams;
  const [month, page] = [queryText(query, 'month'), queryPage(query)];
  const t = await getTranslations('finance');
  const { rows, total } = await listInvoices(ctx, { month: month || undefined }, sliceOf(page, ROWS));
  const invoiced = (await listPeriods(ctx)).filter(({ invoices }) => invoices > 0);
  return (
    <>
      <PageHeader title={t('invoice.title')} description={t('invoice.lead')} />
      <form action={BASE} className="mb-4 flex max-w-xs gap-2">
        <Select
          name="month"
          aria-label={t('invoice.filter')}
          defaultValue={month}
          options={[
            { value: '', label: t('invoice.allMonths') },
            ...invoiced.map((period) => ({ value: period.month, label: period.month })),
          ]}
          isCompact
        />
        <button type="submit" className={buttonClass()}>
          {t('invoice.apply')}
        </button>
      </form>
      <Panel isFlush>
        <InvoicesTable
          rows={rows}
          empty={
            <EmptyState
              Icon={ReceiptText}
              title={month === '' ? t('invoice.emptyTitle') : t('invoice.emptyMonth', { month })}
              text={t('invoice.emptyText')}
            />
          }
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('invoice.pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery(BASE, { month, page: number }))}
      />
    </>
  );
}
