import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryChoice, queryPage, sliceOf } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { IncidentsTable } from '#components/ops/incidents-table.tsx';
import { PageLinks } from '#components/ops/page-links.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { QUEUES } from '#lib/inventory/incident-types.ts';
import { listIncidents } from '#lib/inventory/incidents.ts';
import { IncidentControls } from './incident-controls.tsx';

const PAGE_SIZE = 50;
const LOOK_SECONDS = 10;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('faults'))('title') };
}

export default async function FaultsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const query = await searchParams;
  const t = await getTranslations('faults');
  const queue = queryChoice(query, 'tab', QUEUES) ?? 'open';
  const page = queryPage(query);
  const { rows, total } = await listIncidents(ctx, { queue }, sliceOf(page, PAGE_SIZE));
  return (
    <ClientMessages namespaces={['ops', 'faults']}>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={<LiveRefresh topics={['devices']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <div className="mb-4">
        <TabLinks
          label={t('title')}
          links={QUEUES.map((each) => ({
            href: `/ops/faults?tab=${each}`,
            label: t(`tabs.${each}`),
            isChosen: each === queue,
          }))}
        />
      </div>
      <Panel isFlush>
        <IncidentsTable
          incidents={rows}
          now={ctx.now}
          empty={<EmptyState Icon={ShieldCheck} title={t('empty')} text={t('emptyText')} />}
          acts={(incident) => <IncidentControls ctx={ctx} incident={incident} colleagues={[]} />}
        />
        <PageLinks
          page={page}
          size={PAGE_SIZE}
          total={total}
          hrefOf={(next) => `/ops/faults?tab=${queue}&page=${next}`}
        />
      </Panel>
    </ClientMessages>
  );
}
