import { Download, ReceiptText } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listInvoices } from '#lib/billing/invoices.ts';
import type { InvoiceView } from '#lib/billing/types.ts';
import { findMonthUsage } from '#lib/billing/usage.ts';
import type { Ctx } from '#lib/core/context.ts';
import { monthCutoffAt, monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const PAGE_ROWS = 24;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invoices'))('title') };
}

async function invoiceColumns(base: string): Promise<Column<InvoiceView>[]> {
  const t = await getTranslations('invoices');
  return [
    {
      key: 'number',
      header: t('number'),
      cell: ({ id, number }) => (
        <TextLink href={`${base}/${id}`} className="num whitespace-nowrap">
          {number}
        </TextLink>
      ),
    },
    { key: 'month', header: t('month'), cell: ({ month }) => <span className="num">{month}</span> },
    { key: 'issued', header: t('issuedAt'), isWideOnly: true, cell: ({ issuedAt }) => <InstantText at={issuedAt} /> },
    { key: 'net', header: t('net'), align: 'end', isWideOnly: true, cell: ({ netFen }) => <Money fen={netFen} /> },
    { key: 'tax', header: t('tax'), align: 'end', isWideOnly: true, cell: ({ taxFen }) => <Money fen={taxFen} /> },
    { key: 'gross', header: t('gross'), align: 'end', cell: ({ grossFen }) => <Money fen={grossFen} /> },
    {
      key: 'pdf',
      header: <span className="sr-only">{t('pdf')}</span>,
      align: 'end',
      cell: ({ id, number }) => (
        <a
          href={`${base}/${id}/pdf`}
          download
          className={buttonClass({ variant: 'ghost', size: 'sm' })}
          aria-label={t('pdfOf', { number })}
        >
          <Download aria-hidden />
          PDF
        </a>
      ),
    },
  ];
}

/** What the present month comes to so far, before there is an invoice for it. */
async function RunningMonth({ ctx, usageHref }: { ctx: Ctx; usageHref: string }) {
  const t = await getTranslations('invoices');
  const month = monthOf(ctx.now);
  const usage = await findMonthUsage(ctx, month, { skip: 0, take: 0 });
  if (usage === null || usage.total === 0) return null;
  const { amountUnits } = usage.totals;
  return (
    <Alert className="mb-4">
      {t('running', { month, amount: formatUnits(amountUnits), cutoff: formatInstant(monthCutoffAt(month)) })}{' '}
      <TextLink href={usageHref}>{t('toUsage')}</TextLink>
    </Alert>
  );
}

export default async function InvoicesPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'invoice:read');
  const t = await getTranslations('invoices');
  const base = `/console/${orgSlug}/invoices`;
  const usageHref = `/console/${orgSlug}/usage`;
  const number = queryPage(await searchParams);
  const { rows, total } = await listInvoices(ctx, {}, sliceOf(number, PAGE_ROWS));
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <RunningMonth ctx={ctx} usageHref={usageHref} />
      <Panel isFlush>
        <DataTable
          label={t('title')}
          columns={await invoiceColumns(base)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState
              Icon={ReceiptText}
              title={t('empty')}
              text={t('emptyText')}
              action={
                <Link href={usageHref} className={buttonClass()}>
                  {t('toUsage')}
                </Link>
              }
            />
          }
        />
      </Panel>
      <PageSteps
        label={t('pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: total }, (page) => withQuery(base, { page }))}
        className="mt-4"
      />
    </>
  );
}
