import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { JobBadge } from '#components/queue/job-badge.tsx';
import { jobText } from '#components/queue/wait-text.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findJob } from '#lib/reservations/queue/service.ts';
import { CancelJob } from '../cancel-job.tsx';
import { AboutJob } from './about-job.tsx';

const LOOK_SECONDS = 10;

type Props = { params: Promise<{ orgSlug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queue'))('title') };
}

export default async function JobPage({ params }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'job:read');
  const job = await findJob(ctx, id);
  if (!job) notFound();
  const t = await getTranslations('queue');
  const { waiting, explainedAt, leaveAt, state } = job;
  const isOpen = state === 'queued' || state === 'started';
  return (
    <ClientMessages>
      <PageHeader
        title={job.name}
        breadcrumbs={
          <Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: `/console/${orgSlug}/queue` }]} />
        }
        badge={
          <>
            <JobBadge {...job} />
            <LiveRefresh
              topics={['reservations', 'clock-stepped']}
              {...(isOpen && { everySeconds: LOOK_SECONDS })}
              at={ctx.now}
            />
          </>
        }
        actions={<CancelJob ctx={ctx} orgSlug={orgSlug} job={job} />}
      />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          <Alert kind={state === 'refused' || (leaveAt !== null && state === 'started') ? 'warn' : 'info'}>
            {jobText(t, job)}
            {waiting && explainedAt !== null && (
              <span className="block text-xs text-ink-3">{t('asOf', { at: formatInstant(explainedAt) })}</span>
            )}
          </Alert>
          {waiting && (
            <Panel title={t('soonerTitle')}>
              <p className="text-sm text-ink-2">{t(`sooner.${waiting.reason}`)}</p>
            </Panel>
          )}
          <CodeBlock label={t('detail.command')} text={job.command} isWrapped className="bg-surface" />
        </div>
        <AboutJob ctx={ctx} orgSlug={orgSlug} job={job} />
      </div>
    </ClientMessages>
  );
}
