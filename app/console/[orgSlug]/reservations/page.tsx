import { CalendarCheck2 } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryChoice, queryPage, queryText, sliceOf, withQuery } from '#app/_edge/paging.ts';
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
import { listProjects } from '#lib/reservations/projects.ts';
import { listReservations } from '#lib/reservations/service.ts';
import type { ReservationState } from '#lib/reservations/types.ts';
import { OffersPanel } from './offers-panel.tsx';
import { ProjectFilter } from './project-filter.tsx';
import { ReservationsTable } from './reservations-table.tsx';

const FILTERS = {
  running: ['active'],
  upcoming: ['confirmed'],
  ended: ['ended'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly ReservationState[]>;
const FILTER_NAMES = ['running', 'upcoming', 'ended', 'cancelled'] as const;
const PAGE_SIZE = 25;

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reservations'))('title') };
}

export default async function ReservationsPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:read');
  const query = await searchParams;
  const t = await getTranslations('reservations');
  const filter = queryChoice(query, 'state', FILTER_NAMES);
  const page = queryPage(query);
  const projects = await listProjects(ctx);
  const project = projects.find(({ id }) => id === queryText(query, 'project'))?.id ?? null;
  const { rows, total } = await listReservations(
    ctx,
    { ...(filter === null ? {} : { states: FILTERS[filter] }), ...(project === null ? {} : { projectId: project }) },
    sliceOf(page, PAGE_SIZE),
  );
  const isFiltered = filter !== null || project !== null;
  const base = `/console/${orgSlug}/reservations`;
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) =>
    withQuery(base, { state: filter, project, page: to === 1 ? null : to }),
  );
  const book = isPermitted(ctx.actor, 'quote:create') && (
    <Link href={`/console/${orgSlug}/book`} className={buttonClass({ variant: 'primary' })}>
      {t('book')}
    </Link>
  );
  return (
    <ClientMessages>
      <PageHeader
        title={t('title')}
        description={t('description')}
        badge={<LiveRefresh topics={['reservations']} at={ctx.now} />}
        actions={book}
      />
      <TabLinks
        label={t('filter.label')}
        links={[null, ...FILTER_NAMES].map((name) => ({
          href: withQuery(base, { state: name, project }),
          label: t(`filter.${name ?? 'all'}`),
          isChosen: name === filter,
        }))}
      />
      <ProjectFilter action={base} projects={projects} chosen={project ?? ''} state={filter} />
      <div className="mt-4">
        <OffersPanel ctx={ctx} orgSlug={orgSlug} />
      </div>
      <Panel isFlush>
        <ReservationsTable
          ctx={ctx}
          orgSlug={orgSlug}
          rows={rows}
          projects={projects}
          empty={
            <EmptyState
              Icon={CalendarCheck2}
              title={t('empty.title')}
              text={isFiltered ? t('empty.filtered') : t('empty.text')}
              action={isFiltered ? undefined : book}
            />
          }
        />
      </Panel>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </ClientMessages>
  );
}
