import { Search } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryTexts } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ConditionSummary } from '#components/ops/condition-summary.tsx';
import { PlaceCrumbs } from '#components/ops/place-crumbs.tsx';
import { localName, placeHref, shortPath } from '#components/ops/place-text.ts';
import { PlacesTable } from '#components/ops/places-table.tsx';
import { SearchForm } from '#components/ops/search-form.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findPlaceView, search } from '#lib/inventory/service.ts';
import type { SearchHit } from '#lib/inventory/view-types.ts';

const LOOK_SECONDS = 30;
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('inventory.title') };
}

async function Hits({ text, hits }: { text: string; hits: readonly SearchHit[] }) {
  const t = await getTranslations('ops');
  if (hits.length === 0)
    return (
      <Panel className="mb-6" title={t('inventory.hits')}>
        <EmptyState Icon={Search} title={t('inventory.noHits', { text })} text={t('inventory.noHitsText')} />
      </Panel>
    );
  return (
    <Panel className="mb-6" title={t('inventory.hits')}>
      <ul className="grid gap-1.5 text-sm">
        {hits.map((hit) => (
          <li key={hit.id} className="flex flex-wrap items-baseline gap-x-3">
            <TextLink
              href={hit.kind === 'card' ? `/ops/cards/${hit.id}` : placeHref(hit)}
              prefetch={false}
              className="num"
            >
              {hit.kind === 'card' ? t('place.slot', { path: shortPath(hit.path), slot: hit.slot }) : hit.path}
            </TextLink>
            {hit.kind === 'card' && <code className="text-xs break-all text-ink-2">{hit.uuid}</code>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function Tree({ ctx, at }: { ctx: Ctx; at: string | null }) {
  const locale = await requestLocale();
  const place = await findPlaceView(ctx, at);
  if (!place) notFound();
  return (
    <>
      <PlaceCrumbs places={place.ancestors} />
      <Panel className="mt-2" title={localName(place.name, locale)} isFlush>
        <ConditionSummary counts={place.counts} className="border-b border-line p-4 sm:p-5" />
        <PlacesTable place={place} mayCordon={isPermitted(ctx.actor, 'inventory:cordon')} />
      </Panel>
    </>
  );
}

export default async function InventoryPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:read');
  const { at, q = '' } = queryTexts(await searchParams);
  const t = await getTranslations('ops');
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={t('inventory.title')}
        description={t('inventory.description')}
        actions={<LiveRefresh topics={['devices']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <SearchForm action="/ops/inventory" label={t('inventory.searchLabel')} submit={t('inventory.search')} text={q} />
      {q.trim() !== '' && <Hits text={q.trim()} hits={await search(ctx, q)} />}
      <Tree ctx={ctx} at={at ?? null} />
    </ClientMessages>
  );
}
