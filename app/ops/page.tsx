import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ConditionSummary } from '#components/ops/condition-summary.tsx';
import { EnginePanel, TroubleAlert } from '#components/ops/engine-panel.tsx';
import { IncidentsTable } from '#components/ops/incidents-table.tsx';
import { mapHref } from '#components/ops/map-state.ts';
import { poolName } from '#components/ops/place-text.ts';
import { RequestsTable } from '#components/ops/requests-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { listRequests } from '#lib/devices/requests.ts';
import { listPoolStatus } from '#lib/engine/status.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { listIncidents } from '#lib/inventory/incidents.ts';
import { listPools } from '#lib/inventory/service.ts';
import type { PoolView } from '#lib/inventory/view-types.ts';

const FAULTS_SHOWN = 8;
const REQUESTS_SHOWN = 5;
const LOOK_SECONDS = 10;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('home.title') };
}

/** What a pool's cards do, with the ways to those that need somebody. */
async function PoolPanel({ pool, name }: { pool: PoolView; name: string }) {
  const t = await getTranslations('ops');
  const { id, counts, servers } = pool;
  const shareOf = (cards: number) => `${Math.round((cards / Math.max(1, counts.cards)) * 1_000) / 10}%`;
  const toCordoned = mapHref({ pool: id, show: ['cordoned'], holder: null, view: 'table' });
  return (
    <Panel
      title={name}
      description={t('home.size', { cards: counts.cards, servers })}
      actions={
        <>
          {counts.cordoned > 0 && (
            <TextLink href={toCordoned} prefetch={false} className="text-sm">
              {t('home.cordoned', { cards: counts.cordoned })}
            </TextLink>
          )}
          <TextLink
            href={mapHref({ pool: id, show: [], holder: null, view: 'map' })}
            prefetch={false}
            className="text-sm"
          >
            {t('home.openMap')}
          </TextLink>
        </>
      }
    >
      <p className="num mb-3 text-2xl font-semibold">
        {t('home.soldShare', { share: shareOf(counts.inUse + counts.heldSoon) })}
      </p>
      <ConditionSummary counts={counts} />
    </Panel>
  );
}

async function Faults({ ctx }: { ctx: Ctx }) {
  const t = await getTranslations('ops');
  const { rows, total } = await listIncidents(ctx, { queue: 'open' }, { skip: 0, take: FAULTS_SHOWN });
  return (
    <Panel
      title={total > 0 ? t('home.faultsCount', { count: total }) : t('home.faults')}
      actions={
        <TextLink href="/ops/faults" className="text-sm">
          {t('home.allFaults')}
        </TextLink>
      }
      isFlush
    >
      <IncidentsTable
        incidents={rows}
        now={ctx.now}
        empty={<EmptyState Icon={ShieldCheck} title={t('home.faultsNone')} text={t('home.faultsNoneText')} />}
      />
    </Panel>
  );
}

export default async function OpsHomePage() {
  const ctx = await staffPage('inventory:read');
  const [t, locale] = [await getTranslations('ops'), await requestLocale()];
  const [pools, statuses] = [await listPools(ctx), await listPoolStatus(ctx)];
  const requests = await listRequests(ctx, { serverId: null }, { skip: 0, take: REQUESTS_SHOWN });
  const nameOf = (pool: PoolView) => poolName(t, locale, pool);
  const engines = pools.flatMap((pool) => {
    const status = statuses.find(({ poolId }) => poolId === pool.id);
    return status ? [{ status, name: nameOf(pool) }] : [];
  });
  const topics = ['devices', ...pools.map(({ id }) => `availability:${id}`)];
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('home.title')}
        description={t('home.description')}
        actions={<LiveRefresh topics={topics} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <div className="grid gap-6">
        {engines.map(({ status, name }) => (
          <TroubleAlert key={status.poolId} troubledSince={status.troubledSince} name={name} />
        ))}
        <div className="grid gap-6 lg:grid-cols-2">
          {pools.map((pool) => (
            <PoolPanel key={pool.id} pool={pool} name={nameOf(pool)} />
          ))}
        </div>
        <Faults ctx={ctx} />
        <div className="grid gap-6 lg:grid-cols-2">
          {engines.map(({ status, name }) => (
            <EnginePanel key={status.poolId} status={status} name={name} now={ctx.now} />
          ))}
        </div>
        <Panel title={t('home.requests')} isFlush>
          <RequestsTable requests={requests.rows} />
        </Panel>
      </div>
    </ClientMessages>
  );
}
