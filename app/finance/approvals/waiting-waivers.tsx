import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { HourWaiver } from '#lib/billing/gaps/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { decideWaiverAction } from './actions.ts';
import { DecideButtons } from './decide-buttons.tsx';

/** The waivers of hours left out that wait for their second person. */
export async function WaitingWaivers({ ctx, rows }: { ctx: Ctx; rows: readonly HourWaiver[] }) {
  const [t, c] = [await getTranslations('gaps'), await getTranslations('corrections')];
  const canDecide = isPermitted(ctx.actor, 'gap:decide');
  const columns: Column<HourWaiver>[] = [
    { key: 'hour', header: t('hour'), cell: ({ hourAt }) => <InstantText at={hourAt} /> },
    {
      key: 'organisation',
      header: t('organisation'),
      cell: ({ organisationName, allocationId }) => (
        <>
          {organisationName}
          <code className="block text-xs text-ink-3">{allocationId}</code>
        </>
      ),
    },
    {
      key: 'reason',
      header: t('reason'),
      isWideOnly: true,
      cell: ({ reason, proposedByName, proposedAt }) => (
        <>
          {reason}
          <span className="block text-xs text-ink-2">
            {t('proposedBy', { name: proposedByName, at: formatInstant(proposedAt) })}
          </span>
        </>
      ),
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('actions')}</span>,
      align: 'end',
      cell: ({ id, proposedBy, organisationName, hourAt }) => {
        const text = t('agreeText', { organisation: organisationName, hour: formatInstant(hourAt) });
        const approve = { label: t('agree'), title: t('agreeTitle'), text };
        return (
          canDecide && (
            <DecideButtons ctx={ctx} id={id} proposedBy={proposedBy} action={decideWaiverAction} approve={approve} />
          )
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('waitingTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('waitingEmpty')} text={c('approvals.emptyText')} />}
    />
  );
}
