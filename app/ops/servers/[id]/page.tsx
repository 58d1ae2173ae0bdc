import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { DevicePanels } from '#app/ops/device-panels.tsx';
import { modelName } from '#components/catalog/model-name.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ActButtons } from '#components/ops/act-buttons.tsx';
import { CardsTable } from '#components/ops/cards-table.tsx';
import { ConditionSummary } from '#components/ops/condition-summary.tsx';
import { DRIVER_WORDS } from '#components/ops/known-words.ts';
import { PlaceCrumbs } from '#components/ops/place-crumbs.tsx';
import { maintenanceHref, shortPath } from '#components/ops/place-text.ts';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { CARD_ACTS } from '#lib/inventory/lifecycle.ts';
import { findServer } from '#lib/inventory/service.ts';
import type { ServerView } from '#lib/inventory/view-types.ts';

const LOOK_SECONDS = 5;

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).id };
}

async function About({ server }: { server: ServerView }) {
  const t = await getTranslations('ops');
  const kind = DRIVER_WORDS.find((word) => word === server.driverKind);
  return (
    <Panel title={t('server.about')}>
      <div className="grid gap-6 lg:grid-cols-[1fr_1.2fr]">
        <DefinitionList
          items={[
            { term: t('server.model'), value: modelName(await requestLocale(), server.modelName) },
            { term: t('server.driver'), value: server.driverVersion },
            { term: t('server.driverKind'), value: kind ? t(`server.driverKinds.${kind}`) : server.driverKind },
            { term: t('server.path'), value: server.place.path },
          ]}
        />
        <ConditionSummary counts={server.counts} className="content-start" />
      </div>
    </Panel>
  );
}

/** The cards, with a choice of them to act on together. */
async function Cards({ server, mayAct }: { server: ServerView; mayAct: boolean }) {
  const [t, l] = [await getTranslations('ops'), await getTranslations('lifecycle')];
  if (!mayAct)
    return (
      <Panel title={t('server.cards')} isFlush>
        <CardsTable label={t('server.cards')} cards={server.cards} />
      </Panel>
    );
  return (
    <form action="/ops/act" className="min-w-0">
      <Panel
        title={t('server.cards')}
        isFlush
        actions={
          <>
            <label htmlFor="do" className="text-sm whitespace-nowrap text-ink-2 max-sm:sr-only">
              {t('server.actOnSelected')}
            </label>
            <Select
              id="do"
              name="do"
              isCompact
              options={CARD_ACTS.map((act) => ({ value: act, label: l(`names.${act}`) }))}
            />
            <Button type="submit" size="sm">
              {t('server.goOn')}
            </Button>
          </>
        }
      >
        <CardsTable
          label={t('server.cards')}
          cards={server.cards}
          choice={({ id, slot }) => (
            <label className="grid size-6 place-items-center pointer-coarse:size-11">
              <span className="sr-only">{t('server.select', { slot })}</span>
              <input type="checkbox" name="target" value={id} className="size-4 accent-(--accent)" />
            </label>
          )}
        />
      </Panel>
    </form>
  );
}

export default async function ServerPage({ params }: Props) {
  const ctx = await staffPage('inventory:read');
  const server = await findServer(ctx, (await params).id);
  if (!server) notFound();
  const t = await getTranslations('ops');
  const m = await getTranslations('maintenance');
  const mayAct = isPermitted(ctx.actor, 'inventory:cordon');
  return (
    <ClientMessages namespaces={['ops', 'hardware']}>
      <PageHeader
        title={t('server.title', { path: shortPath(server.place.path) })}
        breadcrumbs={<PlaceCrumbs places={server.ancestors} />}
        actions={
          <LiveRefresh topics={['devices', `availability:${server.poolId}`]} everySeconds={LOOK_SECONDS} at={ctx.now} />
        }
      />
      <div className="grid gap-6">
        <About server={server} />
        {mayAct && (
          <Panel
            title={t('server.lifecycle')}
            description={t('server.lifecycleText')}
            actions={
              isPermitted(ctx.actor, 'maintenance:plan') && (
                <Link href={maintenanceHref(server.id)} prefetch={false} className={buttonClass({ size: 'sm' })}>
                  {m('plan')}
                </Link>
              )
            }
          >
            <ActButtons
              cards={server.cards.map((card) => ({ ...card, isHeld: card.holder !== null }))}
              target={server.id}
              actor={ctx.actor}
            />
          </Panel>
        )}
        <Cards server={server} mayAct={mayAct} />
        <DevicePanels
          ctx={ctx}
          target={{ kind: 'server', id: server.id }}
          serverId={server.id}
          driverKind={server.driverKind}
          cards={server.cards}
        />
      </div>
    </ClientMessages>
  );
}
