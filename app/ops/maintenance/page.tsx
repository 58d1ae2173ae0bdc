import { Wrench } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { PageLinks } from '#components/ops/page-links.tsx';
import { poolName } from '#components/ops/place-text.ts';
import { SparesTable } from '#components/ops/spares-table.tsx';
import { WindowsTable } from '#components/ops/windows-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listPools } from '#lib/inventory/service.ts';
import { listWindows } from '#lib/reservations/maintenance.ts';
import { listSpares } from '#lib/reservations/spare-share.ts';
import type { WindowState } from '#lib/reservations/maintenance-types.ts';

const PAGE_SIZE = 50;
const LOOK_SECONDS = 10;
const TABS = ['live', 'over'] as const;
const STATES = {
  live: ['planned', 'running'],
  over: ['done', 'cancelled'],
} as const satisfies Record<(typeof TABS)[number], readonly WindowState[]>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance'))('title') };
}

/** Maintenance windows, and the cards that are kept for replacements. */
export default async function MaintenancePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const query = await searchParams;
  const [tab, page] = [queryChoice(query, 'tab', TABS) ?? 'live', queryPage(query)];
  const { rows, total } = await listWindows(ctx, STATES[tab], sliceOf(page, PAGE_SIZE));
  const [t, o, locale] = [await getTranslations('maintenance'), await getTranslations('ops'), await requestLocale()];
  const pools = await listPools(ctx);
  const poolNames = new Map<string, string>(pools.map((pool) => [pool.id, poolName(o, locale, pool)]));
  const hrefOf = (next: number) => withQuery('/ops/maintenance', { tab, page: next === 1 ? null : next });
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          <>
            <LiveRefresh topics={['devices']} everySeconds={LOOK_SECONDS} at={ctx.now} />
            {isPermitted(ctx.actor, 'maintenance:plan') && (
              <Link href="/ops/maintenance/new" className={buttonClass({ variant: 'primary' })}>
                {t('plan')}
              </Link>
            )}
          </>
        }
      />
      <div className="mb-4">
        <TabLinks
          label={t('title')}
          links={TABS.map((each) => ({
            href: withQuery('/ops/maintenance', { tab: each === 'live' ? null : each }),
            label: t(`tabs.${each}`),
            isChosen: each === tab,
          }))}
        />
      </div>
      <div className="grid gap-6">
        <Panel isFlush>
          {rows.length > 0 ? (
            <WindowsTable rows={rows} />
          ) : (
            <EmptyState Icon={Wrench} title={t(tab === 'live' ? 'none' : 'noneOver')} text={t('noneText')} />
          )}
          <PageLinks page={page} size={PAGE_SIZE} total={total} hrefOf={hrefOf} />
        </Panel>
        <Panel title={t('spares.title')} description={t('spares.text')} isFlush>
          <SparesTable
            rows={await listSpares(ctx)}
            poolNames={poolNames}
            canSet={isPermitted(ctx.actor, 'maintenance:plan')}
          />
        </Panel>
      </div>
    </ClientMessages>
  );
}
