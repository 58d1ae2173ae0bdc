import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listGapHours } from '#lib/billing/gaps/service.ts';
import { parseMonth } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { ChargeAll } from './gap-acts.tsx';
import { GapsTable } from './gaps-table.tsx';

const ROWS = 50;

type Props = { params: Promise<{ month: string }>; searchParams: Promise<Query> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await getTranslations('gaps'))('titleOf', { month: (await params).month }) };
}

export default async function GapsPage({ params, searchParams }: Props) {
  const ctx = await staffPage('period:read');
  const { month } = await params;
  if (parseMonth(month) === null) notFound();
  const page = queryPage(await searchParams);
  const { rows, total } = await listGapHours(ctx, month, sliceOf(page, ROWS));
  const [t, f] = [await getTranslations('gaps'), await getTranslations('finance')];
  const period = `/finance/periods/${month}`;
  return (
    <>
      <PageHeader
        title={t('titleOf', { month })}
        description={t('lead')}
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: f('period.title'), href: '/finance/periods' },
              { label: f('period.titleOf', { month }), href: period },
            ]}
          />
        }
        actions={
          <>
            <LiveRefresh topics={['usage']} at={ctx.now} />
            {total > 0 && <ChargeAll ctx={ctx} month={month} />}
          </>
        }
      />
      <Panel title={t('title')} isFlush>
        <GapsTable ctx={ctx} rows={rows} />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery(`${period}/gaps`, { page: number }))}
      />
    </>
  );
}
