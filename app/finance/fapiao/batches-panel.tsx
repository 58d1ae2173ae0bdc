import { Download } from 'lucide-react';
import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Count } from '#components/format/quantity-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Batch } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The newest batches, each as a file for whoever may have it. */
export async function BatchesPanel({ batches, canIssue }: { batches: readonly Batch[]; canIssue: boolean }) {
  const t = await getTranslations('fapiao');
  const columns: Column<Batch>[] = [
    { key: 'made', header: t('queue.batchMade'), cell: ({ madeAt }) => <InstantText at={madeAt} /> },
    { key: 'by', header: t('queue.batchBy'), cell: ({ issuerName }) => issuerName },
    { key: 'count', header: t('queue.batchCount'), align: 'end', cell: ({ count }) => <Count count={count} /> },
    {
      key: 'waiting',
      header: t('queue.batchWaiting'),
      align: 'end',
      isWideOnly: true,
      cell: ({ waiting }) => <Count count={waiting} />,
    },
    {
      key: 'download',
      header: <span className="sr-only">{t('queue.batchDownload')}</span>,
      align: 'end',
      cell: ({ id, madeAt }) =>
        canIssue && (
          <a
            href={`/finance/fapiao/batches/${id}`}
            download
            className={buttonClass({ size: 'sm' })}
            aria-label={t('queue.batchDownloadOf', { at: formatInstant(madeAt) })}
          >
            <Download aria-hidden />
            CSV
          </a>
        ),
    },
  ];
  return (
    <Panel title={t('queue.batches')} description={t('queue.batchesLead')} isFlush className="mt-6">
      <DataTable
        label={t('queue.batches')}
        columns={columns}
        rows={batches}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('queue.batchesEmpty')} text={t('queue.batchesEmptyText')} />}
      />
    </Panel>
  );
}
