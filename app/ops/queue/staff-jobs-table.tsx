import { ListOrdered } from 'lucide-react';
import { jobColumns } from '#components/queue/job-columns.tsx';
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
      cell: ({ organisationName, projectName }) => (
        <span className="grid">
          {organisationName}
          {projectName !== null && <span className="text-xs text-ink-3">{projectName}</span>}
        </span>
      ),
    },
    ...jobColumns(t),
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
