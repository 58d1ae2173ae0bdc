import type { ReactNode } from 'react';
import { InstantText } from '#components/format/instant-text.tsx';
import { Count, Duration } from '#components/format/quantity-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { WorkloadBadge } from '#components/workloads/workload-badge.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, SECOND_MS } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { WorkloadView } from '#lib/workloads/types.ts';
import { CancelWorkload } from './cancel-workload.tsx';

/** How long it ran, or runs; nothing before its start. */
function Ran({ workload, now }: { workload: WorkloadView; now: Instant }) {
  const { startedAt, endedAt } = workload;
  return startedAt === null ? null : <Duration seconds={((endedAt ?? now) - startedAt) / SECOND_MS} />;
}

/** Workloads with their state, cards and times, each with what can be done about it. */
export async function WorkloadsTable({
  ctx,
  orgSlug,
  rows,
  hasReservation = true,
  empty,
}: {
  ctx: Ctx;
  orgSlug: string;
  rows: readonly WorkloadView[];
  hasReservation?: boolean;
  empty: ReactNode;
}) {
  const t = await getTranslations('workloads');
  const columns: Column<WorkloadView>[] = [
    {
      key: 'name',
      header: t('columns.name'),
      cell: ({ id, name }) => <TextLink href={`/console/${orgSlug}/workloads/${id}`}>{name}</TextLink>,
    },
    {
      key: 'state',
      header: t('columns.state'),
      cell: ({ state, isCancelAsked }) => <WorkloadBadge state={state} isCancelAsked={isCancelAsked} />,
    },
    ...(hasReservation
      ? [
          {
            key: 'reservation',
            header: t('columns.reservation'),
            isWideOnly: true,
            cell: ({ reservationId, reservationName }: WorkloadView) => (
              <TextLink href={`/console/${orgSlug}/reservations/${reservationId}`}>{reservationName}</TextLink>
            ),
          },
        ]
      : []),
    { key: 'cards', header: t('columns.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'submitted',
      header: t('columns.submitted'),
      align: 'end',
      isWideOnly: true,
      cell: ({ submittedAt }) => <InstantText at={submittedAt} />,
    },
    {
      key: 'ran',
      header: t('columns.ran'),
      align: 'end',
      isWideOnly: true,
      cell: (workload) => <Ran workload={workload} now={ctx.now} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('columns.actions')}</span>,
      align: 'end',
      cell: (workload) => <CancelWorkload ctx={ctx} orgSlug={orgSlug} workload={workload} isSmall />,
    },
  ];
  return <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />;
}
