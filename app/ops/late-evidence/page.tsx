import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listLateReports } from '#lib/billing/late-reports.ts';
import type { LateReportView } from '#lib/billing/late-report-types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const ROWS = 50;

type Texts = Awaited<ReturnType<typeof getTranslations<'evidence'>>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('evidence'))('title') };
}

function columnsOf(t: Texts): Column<LateReportView>[] {
  return [
    { key: 'reported', header: t('reported'), cell: ({ reportedAt }) => <InstantText at={reportedAt} hasSeconds /> },
    {
      key: 'allocation',
      header: t('allocation'),
      cell: ({ allocationId, organisationName }) => (
        <>
          {organisationName}
          <code className="block text-xs text-ink-3">{allocationId}</code>
        </>
      ),
    },
    { key: 'from', header: t('from'), cell: ({ startAt }) => <InstantText at={startAt} hasSeconds /> },
    { key: 'to', header: t('to'), isWideOnly: true, cell: ({ endAt }) => <InstantText at={endAt} hasSeconds /> },
    {
      key: 'said',
      header: t('said'),
      isWideOnly: true,
      cell: ({ isProven }) => (isProven ? t('proven') : t('notProven')),
    },
    {
      key: 'outcome',
      header: t('outcome'),
      cell: ({ outcome }) => (
        <Badge tone={outcome === null ? 'waiting' : outcome === 'taken' ? 'ok' : 'neutral'}>
          {t(`outcomes.${outcome ?? 'waits'}`)}
        </Badge>
      ),
    },
  ];
}

export default async function LateEvidencePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('evidence:read');
  const page = queryPage(await searchParams);
  const t = await getTranslations('evidence');
  const { rows, total } = await listLateReports(ctx, sliceOf(page, ROWS));
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        actions={<LiveRefresh topics={['usage']} at={ctx.now} />}
      />
      <Panel isFlush>
        <DataTable
          label={t('title')}
          columns={columnsOf(t)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery('/ops/late-evidence', { page: number }))}
      />
    </>
  );
}
