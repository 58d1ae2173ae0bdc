import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { WaitingLine } from '#lib/billing/receivables/lines.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { DecideButtons } from '../../approvals/decide-buttons.tsx';
import { decideLineAction } from './actions.ts';

/** The lines that wait for their second person. */
export async function WaitingLines({ ctx, rows }: { ctx: Ctx; rows: readonly WaitingLine[] }) {
  const t = await getTranslations('credit');
  const canDecide = isPermitted(ctx.actor, 'creditLine:decide');
  const columns: Column<WaitingLine>[] = [
    { key: 'organisation', header: t('finance.organisation'), cell: ({ organisationName }) => organisationName },
    {
      key: 'account',
      header: t('finance.account'),
      isWideOnly: true,
      cell: ({ account }) => t(`finance.accounts.${account}`),
    },
    {
      key: 'limit',
      header: t('panel.limit'),
      align: 'end',
      cell: ({ limitUnits }) => <Money units={limitUnits} />,
    },
    {
      key: 'reason',
      header: t('finance.reason'),
      isWideOnly: true,
      cell: ({ reason, proposedAt }) => (
        <>
          {reason}
          <span className="block text-xs text-ink-2">{t('finance.by', { at: formatInstant(proposedAt) })}</span>
        </>
      ),
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('panel.actions')}</span>,
      align: 'end',
      cell: ({ id, proposedBy, limitUnits, organisationName }) => {
        const amount = formatUnits(limitUnits);
        const approve = {
          label: t('finance.approve', { amount }),
          title: t('finance.approveTitle', { organisation: organisationName, amount }),
          text: t('finance.approveText'),
        };
        return (
          canDecide && (
            <DecideButtons ctx={ctx} id={id} proposedBy={proposedBy} action={decideLineAction} approve={approve} />
          )
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('finance.waiting')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('finance.waitingEmpty')} text={t('finance.waitingEmptyText')} />}
    />
  );
}
