import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryPage, queryTexts } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { CardMap } from '#components/ops/card-map.tsx';
import { CardsTable } from '#components/ops/cards-table.tsx';
import { ConditionLegend } from '#components/ops/condition-legend.tsx';
import { mapHref, parseShow, toggleShow } from '#components/ops/map-state.ts';
import { MapViews } from '#components/ops/map-views.tsx';
import { PageLinks } from '#components/ops/page-links.tsx';
import { poolName } from '#components/ops/place-text.ts';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { CONDITIONS, type Condition } from '#lib/inventory/condition.ts';
import { getCardMap, listCards, listPools } from '#lib/inventory/service.ts';
import type { PoolView } from '#lib/inventory/view-types.ts';

const PAGE_SIZE = 50;
/** Readings and states that nothing announces are looked at this often. */
const LOOK_SECONDS = 15;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('map.title') };
}

async function MapTable({
  ctx,
  pool,
  show,
  page,
}: {
  ctx: Ctx;
  pool: PoolView;
  show: readonly Condition[];
  page: number;
}) {
  const t = await getTranslations('ops');
  const conditions = show.length === 0 ? CONDITIONS : show;
  const paging = { skip: (page - 1) * PAGE_SIZE, take: PAGE_SIZE };
  const { rows, total } = await listCards(ctx, { poolId: pool.id, conditions }, paging);
  const state = { pool: pool.id, show, holder: null, view: 'table' } as const;
  return (
    <div className="grid gap-4">
      <ConditionLegend
        label={t('map.legend')}
        items={CONDITIONS.map((condition) => ({
          condition,
          word: t(`condition.${condition}`),
          count: pool.counts[condition],
          isShown: show.includes(condition),
          href: mapHref({ ...state, show: toggleShow(show, condition) }),
        }))}
      />
      <Panel isFlush>
        <CardsTable label={t('map.title')} cards={rows} hasPath />
        <PageLinks page={page} size={PAGE_SIZE} total={total} hrefOf={(next) => `${mapHref(state)}&page=${next}`} />
      </Panel>
    </div>
  );
}

export default async function MapPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const query = queryTexts(await searchParams);
  const [t, locale, pools] = [await getTranslations('ops'), await requestLocale(), await listPools(ctx)];
  const nameOf = (pool: PoolView) => poolName(t, locale, pool);
  const pool = query['pool'] === undefined ? pools[0] : pools.find(({ id }) => id === query['pool']);
  if (!pool) notFound();
  const show = parseShow(query['show'] ?? '');
  const isTable = query['view'] === 'table';
  const view = isTable ? 'table' : 'map';
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('map.title')}
        description={t('map.description')}
        actions={
          <>
            <LiveRefresh topics={['devices', `availability:${pool.id}`]} everySeconds={LOOK_SECONDS} at={ctx.now} />
            <MapViews pool={pool.id} />
          </>
        }
      />
      <div className="mb-4">
        <TabLinks
          label={t('pool')}
          links={pools.map((each) => ({
            href: mapHref({ pool: each.id, show: [], holder: null, view }),
            label: nameOf(each),
            isChosen: each.id === pool.id,
          }))}
        />
      </div>
      {isTable ? (
        <MapTable ctx={ctx} pool={pool} show={show} page={queryPage(query)} />
      ) : (
        <CardMap data={await getCardMap(ctx, pool.id)} poolName={nameOf(pool)} counts={pool.counts} />
      )}
    </ClientMessages>
  );
}
