import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, queryText, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { MonthFiles } from '#components/billing/month-files.tsx';
import { UsageStats } from '#components/billing/usage-stats.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { EXPORT_KINDS, EXPORTS } from '#lib/billing/export-kinds.ts';
import { listKeptFiles } from '#lib/billing/exports.ts';
import { listInvoices } from '#lib/billing/invoices.ts';
import { findMonthUsage, listUsageMonths } from '#lib/billing/usage.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Month, monthCutoffAt, monthOf, parseMonth } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { AvailabilityTable } from './availability-table.tsx';
import { UsageTable } from './usage-table.tsx';
import { VouchersLine } from './vouchers-line.tsx';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const PAGE_ROWS = 25;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('usage'))('title') };
}

/** The files of a month that its viewer may have; those of its invoice once there is one. */
async function Files({ ctx, month, base }: { ctx: Ctx; month: Month; base: string }) {
  const hasInvoice =
    isPermitted(ctx.actor, 'invoice:read') && (await listInvoices(ctx, { month }, { skip: 0, take: 1 })).total > 0;
  const kinds = EXPORT_KINDS.filter(
    (kind) => isPermitted(ctx.actor, EXPORTS[kind].permission) && (hasInvoice || !EXPORTS[kind].needsInvoice),
  );
  const kept = await listKeptFiles(ctx, { month });
  const hrefOf = (kind: string) => `${base}/exports/${month}/${kind}`;
  return <MonthFiles kinds={kinds} kept={kept} isClosed={hasInvoice} hrefOf={hrefOf} className="mt-6" />;
}

/** Whether a month is invoiced, with the way there for those who may see it, or until when it still grows. */
async function MonthState({ ctx, month, base }: { ctx: Ctx; month: Month; base: string }) {
  const t = await getTranslations('usage');
  const first = { skip: 0, take: 1 };
  const [invoice] = isPermitted(ctx.actor, 'invoice:read') ? (await listInvoices(ctx, { month }, first)).rows : [];
  const cutoffAt = monthCutoffAt(month);
  if (invoice)
    return (
      <Alert kind="ok" className="mb-4">
        {t('invoiced', { month })}{' '}
        <TextLink href={`${base}/invoices/${invoice.id}`}>{t('invoiceLink', { number: invoice.number })}</TextLink>
      </Alert>
    );
  if (ctx.now >= cutoffAt) return null;
  return <Alert className="mb-4">{t('open', { month, cutoff: formatInstant(cutoffAt) })}</Alert>;
}

export default async function UsagePage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'usage:read');
  const query = await searchParams;
  const text = queryText(query, 'month');
  const month = text === '' ? monthOf(ctx.now) : parseMonth(text);
  if (month === null) notFound();
  const base = `/console/${orgSlug}`;
  const number = queryPage(query);
  const [months, usage] = [await listUsageMonths(ctx), await findMonthUsage(ctx, month, sliceOf(number, PAGE_ROWS))];
  if (usage === null) notFound();
  const t = await getTranslations('usage');
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        badge={month === monthOf(ctx.now) && <LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
        actions={
          <a
            href={withQuery(`${base}/usage/csv`, { month })}
            download
            className={buttonClass()}
            aria-label={t('csvMonth', { month })}
          >
            <Download aria-hidden />
            {t('csv')}
          </a>
        }
      />
      <div className="mb-6">
        <TabLinks
          label={t('months')}
          links={months.map((each) => ({
            href: withQuery(`${base}/usage`, { month: each }),
            label: each,
            isChosen: each === month,
          }))}
        />
      </div>
      <MonthState ctx={ctx} month={month} base={base} />
      <UsageStats totals={usage.totals} />
      <VouchersLine ctx={ctx} month={month} totals={usage.totals} />
      <Panel isFlush>
        <UsageTable usage={usage} base={base} month={month} />
      </Panel>
      <PageSteps
        label={t('pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: usage.total }, (page) =>
          withQuery(`${base}/usage`, { month, page }),
        )}
        className="mt-4"
      />
      <AvailabilityTable ctx={ctx} month={month} usage={usage} base={base} />
      <Files ctx={ctx} month={month} base={base} />
    </>
  );
}
