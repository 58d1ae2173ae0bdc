import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { poolName } from '#components/ops/place-text.ts';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { listPools } from '#lib/inventory/service.ts';
import { listJobs, listPoolQueues } from '#lib/reservations/queue/service.ts';
import { PoolQueuePanel } from './pool-queue.tsx';
import { StaffJobsTable } from './staff-jobs-table.tsx';

const PAGE_SIZE = 50;
const LOOK_SECONDS = 10;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queue'))('ops.title') };
}

export default async function QueuesPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('queue:watch');
  const [t, o] = [await getTranslations('queue'), await getTranslations('ops')];
  const locale = await requestLocale();
  const names = new Map((await listPools(ctx)).map((pool) => [pool.id as string, poolName(o, locale, pool)]));
  const queues = await listPoolQueues(ctx);
  const page = queryPage(await searchParams);
  const { rows, total } = await listJobs(ctx, { states: ['queued', 'started'] }, sliceOf(page, PAGE_SIZE));
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) => withQuery('/ops/queue', { page: to }));
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('ops.title')}
        description={t('ops.description')}
        actions={<LiveRefresh topics={['reservations']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <div className="grid gap-5">
        {queues.map((queue) => (
          <PoolQueuePanel
            key={queue.poolId}
            queue={queue}
            name={names.get(queue.poolId) ?? queue.poolId}
            now={ctx.now}
          />
        ))}
        <Panel title={t('ops.jobs')} isFlush>
          <StaffJobsTable rows={rows} poolNames={names} />
        </Panel>
      </div>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </ClientMessages>
  );
}
