import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { Count } from '#components/format/quantity-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { GapHour } from '#lib/billing/gaps/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { GapActs } from './gap-acts.tsx';

/** The hours that were left out of a month, each with what it would come to and who would pay it. */
export async function GapsTable({ ctx, rows }: { ctx: Ctx; rows: readonly GapHour[] }) {
  const t = await getTranslations('gaps');
  const columns: Column<GapHour>[] = [
    { key: 'hour', header: t('hour'), cell: ({ hourAt }) => <InstantText at={hourAt} /> },
    {
      key: 'reservation',
      header: t('reservation'),
      cell: ({ reservationName, organisationName, allocationId }) => (
        <>
          {reservationName}
          <span className="block text-xs text-ink-2">{organisationName}</span>
          <code className="block text-xs text-ink-3">{allocationId}</code>
        </>
      ),
    },
    {
      key: 'seconds',
      header: t('seconds'),
      align: 'end',
      isWideOnly: true,
      cell: ({ usedSeconds }) => <Count count={BigInt(usedSeconds)} />,
    },
    { key: 'amount', header: t('amount'), align: 'end', cell: ({ amountUnits }) => <Money units={amountUnits} /> },
    {
      key: 'paidBy',
      header: t('paidBy'),
      isWideOnly: true,
      cell: ({ isSettled }) => (isSettled ? t('fromWallet') : t('fromHold')),
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('actions')}</span>,
      align: 'end',
      cell: (gap) => <GapActs ctx={ctx} gap={gap} />,
    },
  ];
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={rows}
      rowKey={({ allocationId, hourAt }) => `${allocationId} ${hourAt}`}
      empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
    />
  );
}
