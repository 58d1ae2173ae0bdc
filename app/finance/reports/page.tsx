import { ChartNoAxesColumn, Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryText, withQuery } from '#app/_edge/paging.ts';
import { ReportControls } from '#components/finance/report-controls.tsx';
import { ReportLines } from '#components/finance/report-lines.tsx';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { sectionSum } from '#lib/billing/reports/control.ts';
import { getRevenueReport, listReportMonths } from '#lib/billing/reports/service.ts';
import { REPORT_SECTIONS, type RevenueReport } from '#lib/billing/reports/types.ts';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const BASE = '/finance/reports';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reports'))('title') };
}

async function Figures({ report: { lines } }: { report: RevenueReport }) {
  const t = await getTranslations('reports');
  const net = units(sectionSum(lines, 'revenue') + sectionSum(lines, 'deductions'));
  return (
    <StatRow className="mb-6">
      <Stat label={t('section.revenue')} value={<Money units={sectionSum(lines, 'revenue')} />} />
      <Stat label={t('section.deductions')} value={<Money units={sectionSum(lines, 'deductions')} />} />
      <Stat label={t('net')} value={<Money units={net} />} note={t('netNote')} />
      <Stat label={t('section.vat')} value={<Money units={sectionSum(lines, 'vat')} />} />
    </StatRow>
  );
}

export default async function ReportsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('ledger:read');
  const t = await getTranslations('reports');
  const months = await listReportMonths(ctx);
  // What is asked for at the start of a month is the one that is complete.
  const usual = months.find(({ isClosed }) => isClosed) ?? months[0];
  const month = queryText(await searchParams, 'month') || (usual?.month ?? '');
  if (months.length === 0)
    return (
      <>
        <PageHeader title={t('title')} description={t('lead')} />
        <Panel>
          <EmptyState Icon={ChartNoAxesColumn} title={t('empty')} text={t('emptyText')} />
        </Panel>
      </>
    );
  const report = await getRevenueReport(ctx, month);
  if (!report) notFound();
  return (
    <>
      <PageHeader
        title={t('titleOf', { month })}
        description={t('lead')}
        badge={<Badge tone={report.isClosed ? 'ok' : 'waiting'}>{report.isClosed ? t('closed') : t('open')}</Badge>}
        actions={
          <a href={withQuery(`${BASE}/csv`, { month })} download className={buttonClass({ variant: 'primary' })}>
            <Download aria-hidden />
            {t('csv')}
          </a>
        }
      />
      <form action={BASE} className="mb-4 flex max-w-xs gap-2">
        <Select
          name="month"
          aria-label={t('month')}
          defaultValue={month}
          options={months.map((each) => ({ value: each.month, label: each.month }))}
          isCompact
        />
        <button type="submit" className={buttonClass()}>
          {t('apply')}
        </button>
      </form>
      <Figures report={report} />
      <div className="grid gap-6">
        {REPORT_SECTIONS.map((section) => (
          <Panel key={section} title={t(`section.${section}`)} isFlush>
            <ReportLines section={section} lines={report.lines.filter((line) => line.section === section)} />
          </Panel>
        ))}
        <Panel title={t('controlTitle')} description={t('controlLead')} isFlush>
          <ReportControls controls={report.controls} />
        </Panel>
      </div>
    </>
  );
}
