import type { ReactNode } from 'react';
import { jobColumns } from '#components/queue/job-columns.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { JobView } from '#lib/reservations/queue/view-types.ts';
import { CancelJob } from './cancel-job.tsx';

/** Queued jobs, each with its state, why it waits or how it ended, and what can be done about it. */
export async function JobsTable({
  ctx,
  orgSlug,
  rows,
  empty,
}: {
  ctx: Ctx;
  orgSlug: string;
  rows: readonly JobView[];
  empty: ReactNode;
}) {
  const t = await getTranslations('queue');
  const columns: Column<JobView>[] = [
    {
      key: 'name',
      header: t('columns.name'),
      cell: ({ id, name, tier }) => (
        <span className="grid">
          <TextLink href={`/console/${orgSlug}/queue/${id}`}>{name}</TextLink>
          <span className="text-xs text-ink-3">{t(`tier.${tier}`)}</span>
        </span>
      ),
    },
    ...jobColumns(t),
    {
      key: 'actions',
      header: <span className="sr-only">{t('columns.actions')}</span>,
      align: 'end',
      cell: (job) => <CancelJob ctx={ctx} orgSlug={orgSlug} job={job} isSmall />,
    },
  ];
  return <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />;
}
