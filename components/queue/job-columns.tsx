import { InstantText } from '#components/format/instant-text.tsx';
import { Count, Duration } from '#components/format/quantity-text.tsx';
import type { Column } from '#components/table/data-table.tsx';
import type { JobView } from '#lib/reservations/queue/view-types.ts';
import { JobBadge } from './job-badge.tsx';
import { jobText, startText, type Texts } from './wait-text.ts';

/** What everybody sees of a queued job: its state, why it waits or how it ended, its size and its times. */
export function jobColumns(t: Texts): Column<JobView>[] {
  return [
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
      isWideOnly: true,
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
}
