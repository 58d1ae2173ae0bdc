import { Bell } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { countUnreadNotices, listNotices } from '#lib/notices/service.ts';
import type { Notice } from '#lib/notices/types.ts';
import { markReadAction } from './actions.ts';
import { noticeValues } from './notice-values.ts';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const ROWS = 30;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notices'))('title') };
}

async function NoticeList({ rows }: { rows: readonly Notice[] }) {
  const t = await getTranslations('notices');
  if (rows.length === 0) return <EmptyState Icon={Bell} title={t('empty')} text={t('emptyText')} />;
  return (
    <ol>
      {rows.map(({ id, kind, data, at, readAt }) => (
        <li key={id} className="border-b border-line px-4 py-3 text-sm last:border-0 sm:px-5">
          <p className="flex flex-wrap items-center justify-between gap-x-3">
            <span className="flex items-center gap-2 font-medium text-ink">
              {t(`kind.${kind}.title`)}
              {readAt === null && <Badge tone="active">{t('isNew')}</Badge>}
            </span>
            <span className="text-xs text-ink-3">
              <InstantText at={at} />
            </span>
          </p>
          <p className="mt-1 text-ink-2">{t(`kind.${kind}.text`, noticeValues(data))}</p>
        </li>
      ))}
    </ol>
  );
}

export default async function NoticesPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'notice:read');
  const page = queryPage(await searchParams);
  const t = await getTranslations('notices');
  const { rows, total } = await listNotices(ctx, sliceOf(page, ROWS));
  const unread = await countUnreadNotices(ctx);
  const path = `/console/${orgSlug}/notices`;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        badge={<LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
        actions={
          unread > 0 && (
            <ActionForm
              action={markReadAction.bind(null, orgSlug)}
              initial={freshForm()}
              className="flex items-center gap-3"
            >
              <Badge tone="active">{t('unread', { count: unread })}</Badge>
              <SubmitButton variant="secondary">{t('markRead')}</SubmitButton>
            </ActionForm>
          )
        }
      />
      <Panel isFlush>
        <NoticeList rows={rows} />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery(path, { page: number }))}
      />
    </>
  );
}
