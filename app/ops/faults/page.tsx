import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryTexts } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { FaultsTable } from '#components/ops/faults-table.tsx';
import { PageLinks, parsePage } from '#components/ops/page-links.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listFaults } from '#lib/inventory/service.ts';

const PAGE_SIZE = 50;
const LOOK_SECONDS = 10;
const TABS = ['open', 'resolved', 'all'] as const;
const IS_OPEN = { open: true, resolved: false, all: null } as const satisfies Record<
  (typeof TABS)[number],
  boolean | null
>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('faults.title') };
}

export default async function FaultsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const query = queryTexts(await searchParams);
  const t = await getTranslations('ops');
  const tab = TABS.find((each) => each === query['tab']) ?? 'open';
  const page = parsePage(query['page']);
  const paging = { skip: (page - 1) * PAGE_SIZE, take: PAGE_SIZE };
  const { rows, total } = await listFaults(ctx, { isOpen: IS_OPEN[tab] }, paging);
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('faults.title')}
        description={t('faults.description')}
        actions={<LiveRefresh topics={['devices']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <div className="mb-4">
        <TabLinks
          label={t('faults.title')}
          links={TABS.map((each) => ({
            href: `/ops/faults?tab=${each}`,
            label: t(`faults.tabs.${each}`),
            isChosen: each === tab,
          }))}
        />
      </div>
      <Panel isFlush>
        <FaultsTable
          faults={rows}
          hasResolved={tab !== 'open'}
          empty={<EmptyState Icon={ShieldCheck} title={t('faults.empty')} text={t('faults.emptyText')} />}
        />
        <PageLinks
          page={page}
          size={PAGE_SIZE}
          total={total}
          hrefOf={(next) => `/ops/faults?tab=${tab}&page=${next}`}
        />
      </Panel>
    </ClientMessages>
  );
}
