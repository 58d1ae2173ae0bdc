import { formatInstant } from '#components/format/instant.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Reopening } from '#lib/billing/reopening/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { decideReopeningAction } from './actions.ts';
import { DecideButtons } from './decide-buttons.tsx';

/** The reopenings that wait for their second person. */
export async function WaitingReopenings({ ctx, rows }: { ctx: Ctx; rows: readonly Reopening[] }) {
  const t = await getTranslations('corrections');
  const canDecide = isPermitted(ctx.actor, 'period:agree');
  const columns: Column<Reopening>[] = [
    {
      key: 'month',
      header: t('reopening.month'),
      cell: ({ month }) => (
        <TextLink href={`/finance/periods/${month}`} className="num">
          {month}
        </TextLink>
      ),
    },
    {
      key: 'reason',
      header: t('reopening.reason'),
      cell: ({ reason, askedByName, askedAt }) => (
        <>
          {reason}
          <span className="block text-xs text-ink-2">
            {t('reopening.askedBy', { name: askedByName, at: formatInstant(askedAt) })}
          </span>
        </>
      ),
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('approvals.actions')}</span>,
      align: 'end',
      cell: ({ id, askedBy, month }) => {
        const approve = {
          label: t('reopening.agree'),
          title: t('reopening.agreeTitle', { month }),
          text: t('reopening.agreeText'),
        };
        return (
          canDecide && (
            <DecideButtons ctx={ctx} id={id} proposedBy={askedBy} action={decideReopeningAction} approve={approve} />
          )
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('reopening.waitingTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('reopening.waitingEmpty')} text={t('approvals.emptyText')} />}
    />
  );
}
