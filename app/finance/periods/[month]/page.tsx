import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, queryText, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { MonthFiles } from '#components/billing/month-files.tsx';
import { CloseChecklist } from '#components/finance/close-checklist.tsx';
import { ControlTotals } from '#components/finance/control-totals.tsx';
import { PeriodBadge } from '#components/finance/period-badge.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { EXPORT_KINDS, EXPORTS } from '#lib/billing/export-kinds.ts';
import { listKeptFiles } from '#lib/billing/exports.ts';
import { findPeriod } from '#lib/billing/periods.ts';
import { monthInterval } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listReopenings } from '#lib/billing/reopening/service.ts';
import { ClosePanel } from './close-panel.tsx';
import { GapsLink } from './gaps/gaps-link.tsx';
import { ClosedAlert } from './closed-alert.tsx';
import { OrganisationsTable } from './organisations-table.tsx';
import { PeriodStats } from './period-stats.tsx';
import { ReopeningPanel } from './reopening-panel.tsx';

const ROWS = 50;

type Props = { params: Promise<{ month: string }>; searchParams: Promise<Query> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('period.titleOf', { month: (await params).month }) };
}

export default async function PeriodPage({ params, searchParams }: Props) {
  const ctx = await staffPage('period:read');
  const { month } = await params;
  const query = await searchParams;
  const page = queryPage(query);
  const found = await findPeriod(ctx, month, sliceOf(page, ROWS));
  if (!found) notFound();
  const { period, organisations } = found;
  const [t, c] = [await getTranslations('finance'), await getTranslations('corrections')];
  const { startAt, endAt } = monthInterval(period.month);
  const base = `/finance/periods/${month}`;
  const isReady = period.obstacle === null;
  const reopenings = period.state === 'closed' ? await listReopenings(ctx, month) : [];
  const isReopened = reopenings.some(({ state }) => state === 'agreed');
  return (
    <>
      <PageHeader
        title={t('period.titleOf', { month })}
        description={t('period.range', { start: formatInstant(startAt), end: formatInstant(endAt) })}
        badge={<PeriodBadge state={period.state} isReady={isReady} />}
        breadcrumbs={
          <Breadcrumbs label={t('period.title')} crumbs={[{ label: t('period.title'), href: '/finance/periods' }]} />
        }
        actions={
          <>
            {period.state !== 'closed' && <LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
            <a href={`${base}/usage.csv`} download className={buttonClass()}>
              <Download aria-hidden />
              {t('period.csv')}
            </a>
          </>
        }
      />
      {queryText(query, 'closed') === 'yes' && period.state === 'closed' && <ClosedAlert ctx={ctx} period={period} />}
      {isReopened && (
        <Alert kind="warn" className="mb-6">
          {c('reopening.isOpen')}
        </Alert>
      )}
      <PeriodStats period={period} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
        <Panel title={t('period.stepsTitle')}>
          <CloseChecklist period={period} />
          {period.obstacle?.code === 'usageMissing' && <GapsLink month={month} />}
        </Panel>
        <div className="grid gap-6">
          <Panel title={t('period.totalsTitle')} description={t('period.totalsLead')} isFlush>
            <ControlTotals period={period} />
          </Panel>
          {isReady && <ClosePanel period={period} canClose={isPermitted(ctx.actor, 'period:close')} />}
        </div>
      </div>
      <Panel
        title={t('period.organisationsTitle')}
        description={t('period.organisationsLead')}
        isFlush
        className="mt-6"
      >
        <OrganisationsTable rows={organisations} />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('period.pages')}
        {...neighbours({ page, size: ROWS, total: period.organisations }, (number) =>
          withQuery(base, { page: number }),
        )}
      />
      <MonthFiles
        kinds={EXPORT_KINDS.filter((kind) => !EXPORTS[kind].isOfOne)}
        kept={await listKeptFiles(ctx, { month })}
        isClosed={period.state === 'closed' && !isReopened}
        hrefOf={(kind) => `${base}/exports/${kind}`}
        className="mt-6"
      />
      {period.state === 'closed' && <ReopeningPanel ctx={ctx} month={month} reopenings={reopenings} />}
    </>
  );
}
