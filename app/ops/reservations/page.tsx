import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryPage, queryTexts } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { PageLinks } from '#components/ops/page-links.tsx';
import { poolName } from '#components/ops/place-text.ts';
import { SearchForm } from '#components/ops/search-form.tsx';
import { StaffReservationsTable } from '#components/ops/staff-reservations-table.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { listPools } from '#lib/inventory/service.ts';
import { listStaffReservations } from '#lib/reservations/ops.ts';
import type { ReservationState } from '#lib/reservations/types.ts';

const PAGE_SIZE = 50;
const TABS = ['live', 'over', 'all'] as const;
type Tab = (typeof TABS)[number];
const STATES = {
  live: ['active', 'confirmed'],
  over: ['ended', 'cancelled'],
  all: ['active', 'confirmed', 'ended', 'cancelled'],
} as const satisfies Record<Tab, readonly ReservationState[]>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('reservations.title') };
}

function hrefOf(tab: Tab, text: string, page = 1): string {
  return `/ops/reservations?${new URLSearchParams({
    tab,
    ...(text === '' ? {} : { q: text }),
    ...(page === 1 ? {} : { page: `${page}` }),
  })}`;
}

export default async function ReservationsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const query = queryTexts(await searchParams);
  const [t, locale] = [await getTranslations('ops'), await requestLocale()];
  const tab = TABS.find((each) => each === query['tab']) ?? 'live';
  const text = (query['q'] ?? '').trim().slice(0, 80);
  const page = queryPage(query);
  const paging = { skip: (page - 1) * PAGE_SIZE, take: PAGE_SIZE };
  const { rows, total } = await listStaffReservations(ctx, { states: STATES[tab], poolId: null, text }, paging);
  const pools = await listPools(ctx);
  const poolNames = new Map<string, string>(pools.map((pool) => [pool.id, poolName(t, locale, pool)]));
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('reservations.title')}
        description={t('reservations.description')}
        actions={<LiveRefresh topics={['reservations']} at={ctx.now} />}
      />
      <SearchForm
        action="/ops/reservations"
        label={t('reservations.search')}
        submit={t('inventory.search')}
        text={text}
        keep={{ tab }}
      />
      <div className="mb-4">
        <TabLinks
          label={t('reservations.title')}
          links={TABS.map((each) => ({
            href: hrefOf(each, text),
            label: t(`reservations.tabs.${each}`),
            isChosen: each === tab,
          }))}
        />
      </div>
      <Panel isFlush>
        <StaffReservationsTable rows={rows} poolNames={poolNames} />
        <PageLinks page={page} size={PAGE_SIZE} total={total} hrefOf={(next) => hrefOf(tab, text, next)} />
      </Panel>
    </ClientMessages>
  );
}
