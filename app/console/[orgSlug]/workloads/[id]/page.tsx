import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryPage } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { WorkloadBadge } from '#components/workloads/workload-badge.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findWorkload } from '#lib/workloads/service.ts';
import { CancelWorkload } from '../cancel-workload.tsx';
import { AboutPanel } from './about-panel.tsx';
import { CardsPanel } from './cards-panel.tsx';

/** How often the time that a workload runs is brought up to date. */
const LOOK_SECONDS = 10;

type Props = { params: Promise<{ orgSlug: string; id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('workloads'))('title') };
}

export default async function WorkloadPage({ params, searchParams }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'workload:read');
  const workload = await findWorkload(ctx, id);
  if (!workload) notFound();
  const t = await getTranslations('workloads');
  const base = `/console/${orgSlug}/workloads`;
  const { name, state, isCancelAsked, reservationId, log, command, cards } = workload;
  return (
    <ClientMessages>
      <PageHeader
        title={name}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
        badge={
          <>
            <WorkloadBadge state={state} isCancelAsked={isCancelAsked} />
            <LiveRefresh
              topics={[`reservation:${reservationId}`, 'clock-stepped']}
              {...(state === 'running' && { everySeconds: LOOK_SECONDS })}
              at={ctx.now}
            />
          </>
        }
        actions={<CancelWorkload ctx={ctx} orgSlug={orgSlug} workload={workload} />}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          {state === 'submitted' && <Alert>{t('detail.waiting', { count: cards })}</Alert>}
          <CodeBlock label={t('detail.command')} text={command} isWrapped className="bg-surface" />
          {log === '' ? (
            <Panel title={t('detail.output')}>
              <p className="text-sm text-ink-2">{t('detail.noOutput')}</p>
            </Panel>
          ) : (
            <CodeBlock label={t('detail.output')} text={log} className="bg-surface" />
          )}
          <CardsPanel cards={workload.cardList} page={queryPage(await searchParams)} base={`${base}/${id}`} />
        </div>
        <AboutPanel ctx={ctx} orgSlug={orgSlug} workload={workload} />
      </div>
    </ClientMessages>
  );
}
