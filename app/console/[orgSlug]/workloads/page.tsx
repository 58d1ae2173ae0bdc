import { SquareTerminal } from 'lucide-react';
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
import { listWorkloads } from '#lib/workloads/service.ts';
import type { WorkloadState } from '#lib/workloads/types.ts';
import { WorkloadsTable } from './workloads-table.tsx';

const FILTERS = {
  submitted: ['submitted'],
  running: ['running'],
  succeeded: ['succeeded'],
  failed: ['failed', 'lost'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly WorkloadState[]>;
const FILTER_NAMES = ['submitted', 'running', 'succeeded', 'failed', 'cancelled'] as const;
const PAGE_SIZE = 25;

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('workloads'))('title') };
}

export default async function WorkloadsPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'workload:read');
  const query = await searchParams;
  const t = await getTranslations('workloads');
  const filter = queryChoice(query, 'state', FILTER_NAMES);
  const page = queryPage(query);
  const states = filter === null ? {} : { states: FILTERS[filter] };
  const { rows, total } = await listWorkloads(ctx, states, sliceOf(page, PAGE_SIZE));
  const base = `/console/${orgSlug}/workloads`;
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) =>
    withQuery(base, { state: filter, page: to === 1 ? null : to }),
  );
  const submit = isPermitted(ctx.actor, 'workload:submit') && (
    <Link href={`${base}/new`} className={buttonClass({ variant: 'primary' })}>
      {t('submit')}
    </Link>
  );
  return (
    <ClientMessages>
      <PageHeader
        title={t('title')}
        description={t('description')}
        badge={<LiveRefresh topics={['reservations']} at={ctx.now} />}
        actions={submit}
      />
      <TabLinks
        label={t('filter.label')}
        links={[null, ...FILTER_NAMES].map((name) => ({
          href: withQuery(base, { state: name }),
          label: t(`filter.${name ?? 'all'}`),
          isChosen: name === filter,
        }))}
      />
      <Panel isFlush className="mt-4">
        <WorkloadsTable
          ctx={ctx}
          orgSlug={orgSlug}
          rows={rows}
          empty={
            <EmptyState
              Icon={SquareTerminal}
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
