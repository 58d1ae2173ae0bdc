import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { WindowCardsTable } from '#components/ops/window-cards-table.tsx';
import { EndText, ServersText, WindowBadge } from '#components/ops/window-text.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findWindow } from '#lib/reservations/maintenance.ts';
import { WINDOW_IS_LIVE } from '#lib/reservations/maintenance-types.ts';
import type { WindowRow } from '#lib/reservations/maintenance-view-types.ts';
import { endWindowAction } from '../actions.ts';

const LOOK_SECONDS = 5;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance'))('window.title') };
}

/** Calls it off before its start, ends it after. */
async function EndButton({ window }: { window: WindowRow }) {
  const t = await getTranslations('maintenance');
  const act = window.state === 'planned' ? 'callOff' : 'finish';
  return (
    <ConfirmDialog
      trigger={<Button variant="danger-quiet">{t(`window.${act}`)}</Button>}
      title={t(`window.${act}`)}
      text={t(`window.${act}Text`)}
      confirm={t(`window.${act}`)}
      dismiss={t('window.keep')}
      action={endWindowAction.bind(null, window.id)}
      initial={freshForm()}
    />
  );
}

async function About({ window }: { window: WindowRow }) {
  const t = await getTranslations('maintenance');
  const ended =
    window.endedAt === null ? [] : [{ term: t('window.endedAt'), value: <InstantText at={window.endedAt} /> }];
  return (
    <Panel title={t('window.about')}>
      <DefinitionList
        items={[
          { term: t('columns.from'), value: <InstantText at={window.interval.startAt} /> },
          { term: t('columns.until'), value: <EndText interval={window.interval} /> },
          ...ended,
          { term: t('confirm.handling'), value: t(`window.handling.${window.handling}`) },
          { term: t('columns.reason'), value: window.reason },
          { term: t('columns.by'), value: window.plannedBy },
        ]}
      />
    </Panel>
  );
}

/** One maintenance window: when, why, and how each of its cards stands. */
export default async function WindowPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await staffPage('inventory:read');
  const window = await findWindow(ctx, (await params).id);
  if (!window) notFound();
  const t = await getTranslations('maintenance');
  const mayEnd = WINDOW_IS_LIVE[window.state] && isPermitted(ctx.actor, 'maintenance:plan');
  const leftOver = window.cards.filter(
    ({ state, lifecycle }) => state === 'left' && lifecycle === 'maintenance',
  ).length;
  return (
    <ClientMessages namespaces={['ops', 'maintenance']}>
      <PageHeader
        title={t('window.title')}
        description={<ServersText servers={window.servers} />}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/ops/maintenance' }]} />}
        badge={
          <>
            <WindowBadge state={window.state} />
            <LiveRefresh
              topics={['devices', `availability:${window.poolId}`]}
              everySeconds={LOOK_SECONDS}
              at={ctx.now}
            />
          </>
        }
        actions={mayEnd && <EndButton window={window} />}
      />
      <div className="grid gap-6">
        {leftOver > 0 && <Alert kind="warn">{t('window.leftOver', { count: leftOver })}</Alert>}
        <About window={window} />
        <Panel title={t('window.cards')} isFlush>
          <WindowCardsTable cards={window.cards} />
        </Panel>
      </div>
    </ClientMessages>
  );
}
