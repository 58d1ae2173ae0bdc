import { ListOrdered } from 'lucide-react';
import { InstantText } from '#components/format/instant-text.tsx';
import { Count, Duration } from '#components/format/quantity-text.tsx';
import { JobBadge } from '#components/queue/job-badge.tsx';
import { jobText, startText } from '#components/queue/wait-text.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { JobView } from '#lib/reservations/queue/view-types.ts';

/** The jobs that wait and run, of every organisation, newest first. */
export async function StaffJobsTable({
  rows,
  poolNames,
}: {
  rows: readonly JobView[];
  poolNames: ReadonlyMap<string, string>;
}) {
  const t = await getTranslations('queue');
  const columns: Column<JobView>[] = [
    {
      key: 'name',
      header: t('columns.name'),
      cell: ({ name, tier, poolId }) => (
        <span className="grid">
          {name}
          <span className="text-xs text-ink-3">
            {t(`tier.${tier}`)} · {poolNames.get(poolId) ?? poolId}
          </span>
        </span>
      ),
    },
    {
      key: 'organisation',
      header: t('ops.organisation'),
      isWideOnly: true,
      cell: ({ organisationId, projectName }) => (
        <span className="grid">
          <code className="text-xs">{organisationId}</code>
          {projectName !== null && <span className="text-xs text-ink-3">{projectName}</span>}
        </span>
      ),
    },
    { key: 'state', header: t('columns.state'), cell: (job) => <JobBadge {...job} /> },
    {
      key: 'why',
      header: t('columns.why'),
      isWideOnly: true,
      cell: (job) => <span className="block max-w-md text-sm whitespace-normal text-ink-2">{jobText(t, job)}</span>,
    },
    { key: 'cards', header: t('columns.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'walltime',
      header: t('columns.walltime'),
      align: 'end',
      isWideOnly: true,
      cell: ({ walltimeSeconds }) => <Duration seconds={walltimeSeconds} />,
    },
    {
      key: 'start',
      header: t('columns.start'),
      align: 'end',
      cell: (job) => <span className="num">{startText(t, job)}</span>,
    },
    {
      key: 'submitted',
      header: t('columns.submitted'),
      align: 'end',
      isWideOnly: true,
      cell: ({ submittedAt }) => <InstantText at={submittedAt} />,
    },
  ];
  return (
    <DataTable
      label={t('ops.jobs')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState Icon={ListOrdered} title={t('ops.nobody')} />}
    />
  );
}
