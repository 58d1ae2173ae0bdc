import { ListOrdered } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listJobs } from '#lib/reservations/queue/service.ts';
import { JOB_STATES } from '#lib/reservations/queue/view-types.ts';
import { JobsTable } from './jobs-table.tsx';

const PAGE_SIZE = 25;
/** Nothing announces that a waiting job's numbers changed: the page looks again by itself. */
const LOOK_SECONDS = 10;

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queue'))('title') };
}

export default async function QueuePage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'job:read');
  const query = await searchParams;
  const t = await getTranslations('queue');
  const filter = queryChoice(query, 'state', JOB_STATES);
  const page = queryPage(query);
  const states = filter === null ? {} : { states: [filter] };
  const { rows, total } = await listJobs(ctx, states, sliceOf(page, PAGE_SIZE));
  const base = `/console/${orgSlug}/queue`;
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) =>
    withQuery(base, { state: filter, page: to === 1 ? null : to }),
  );
  const submit = isPermitted(ctx.actor, 'job:submit') && (
    <Link href={`${base}/new`} className={buttonClass({ variant: 'primary' })}>
      {t('submit')}
    </Link>
  );
  return (
    <ClientMessages>
      <PageHeader
        title={t('title')}
        description={t('description')}
        badge={<LiveRefresh topics={['reservations']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
        actions={submit}
      />
      <TabLinks
        label={t('filter.label')}
        links={[null, ...JOB_STATES].map((name) => ({
          href: withQuery(base, { state: name }),
          label: t(`filter.${name ?? 'all'}`),
          isChosen: name === filter,
        }))}
      />
      <Panel isFlush className="mt-4">
        <JobsTable
          ctx={ctx}
          orgSlug={orgSlug}
          rows={rows}
          empty={
            <EmptyState
              Icon={ListOrdered}
              title={t('empty.title')}
              text={filter === null ? t('empty.text') : t('empty.filtered')}
            />
          }
        />
      </Panel>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </ClientMessages>
  );
}
