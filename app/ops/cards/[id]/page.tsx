import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { DevicePanels } from '#app/ops/device-panels.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ActButtons } from '#components/ops/act-buttons.tsx';
import { ConditionBadge } from '#components/ops/badges.tsx';
import { CardIdentity, CardReadings, CardStatesPanel } from '#components/ops/card-facts.tsx';
import { AllocationsTable, CardFaults, OutagesTable, TransitionsTable } from '#components/ops/card-history.tsx';
import { PlaceCrumbs } from '#components/ops/place-crumbs.tsx';
import { shortPath } from '#components/ops/place-text.ts';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findCard, findServer } from '#lib/inventory/service.ts';

const LOOK_SECONDS = 5;

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

export default async function CardPage({ params }: Props) {
  const ctx = await staffPage('inventory:read');
  const card = await findCard(ctx, (await params).id);
  if (!card) notFound();
  const [t, l] = [await getTranslations('ops'), await getTranslations('lifecycle')];
  const server = await findServer(ctx, card.serverId);
  return (
    <ClientMessages namespaces={['ops', 'hardware']}>
      <PageHeader
        title={t('place.slot', { path: shortPath(card.serverPath), slot: card.slot })}
        breadcrumbs={<PlaceCrumbs places={card.ancestors} />}
        badge={<ConditionBadge card={card} />}
        actions={
          <LiveRefresh topics={['devices', `availability:${card.poolId}`]} everySeconds={LOOK_SECONDS} at={ctx.now} />
        }
      />
      <div className="grid gap-6">
        <div className="grid gap-6 lg:grid-cols-3">
          <CardIdentity card={card} />
          <CardStatesPanel card={card} />
          <CardReadings card={card} />
        </div>
        {isPermitted(ctx.actor, 'inventory:cordon') && (
          <Panel title={t('card.lifecycle')} description={t('card.lifecycleText')}>
            <ActButtons cards={[{ ...card, isHeld: card.holder !== null }]} target={card.id} actor={ctx.actor} />
          </Panel>
        )}
        <Panel title={t('card.allocations')} isFlush>
          <AllocationsTable allocations={card.allocations} />
        </Panel>
        <Panel title={t('card.faults')} isFlush>
          <CardFaults faults={card.faults} />
        </Panel>
        <Panel title={l('transitions')} isFlush>
          <TransitionsTable transitions={card.transitions} />
        </Panel>
        <Panel title={t('card.outages')} isFlush>
          <OutagesTable outages={card.outages} />
        </Panel>
        <DevicePanels
          ctx={ctx}
          target={{ kind: 'card', id: card.id }}
          serverId={card.serverId}
          driverKind={card.driverKind}
          cards={server?.cards ?? []}
        />
      </div>
    </ClientMessages>
  );
}
