import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { ReversalRequest } from '#lib/ledger/reversal-types.ts';
import { decideReversalAction } from './actions.ts';
import { DecideButtons } from './decide-buttons.tsx';

/** The reversals that wait for their second person. */
export async function WaitingReversals({ ctx, rows }: { ctx: Ctx; rows: readonly ReversalRequest[] }) {
  const [t, l] = [await getTranslations('corrections'), await getTranslations('ledger')];
  const canDecide = isPermitted(ctx.actor, 'reversal:decide');
  const columns: Column<ReversalRequest>[] = [
    {
      key: 'journal',
      header: t('reversal.journal'),
      cell: ({ journalId, journalKind }) => (
        <>
          <TextLink href={`/finance/ledger/journals/${journalId}`}>{l('journal.titleOf', { id: journalId })}</TextLink>
          <span className="block text-xs text-ink-2">{l(`journalKind.${journalKind}`)}</span>
        </>
      ),
    },
    {
      key: 'amount',
      header: t('reversal.amount'),
      align: 'end',
      cell: ({ amountUnits }) => <Money units={units(amountUnits)} />,
    },
    {
      key: 'organisation',
      header: t('reversal.organisation'),
      isWideOnly: true,
      cell: ({ organisationName }) => organisationName,
    },
    {
      key: 'reason',
      header: t('reversal.reason'),
      isWideOnly: true,
      cell: ({ reason, proposedByName, proposedAt }) => (
        <>
          {reason}
          <span className="block text-xs text-ink-2">
            {t('reversal.proposedBy', { name: proposedByName, at: formatInstant(proposedAt) })}
          </span>
        </>
      ),
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('approvals.actions')}</span>,
      align: 'end',
      cell: ({ id, proposedBy, journalId, amountUnits }) => {
        const amount = formatUnits(units(amountUnits));
        const approve = {
          label: t('approvals.approveReversal', { amount }),
          title: t('approvals.approveReversalTitle', { id: journalId, amount }),
          text: t('approvals.approveReversalText'),
        };
        return (
          canDecide && (
            <DecideButtons ctx={ctx} id={id} proposedBy={proposedBy} action={decideReversalAction} approve={approve} />
          )
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('reversal.waitingTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('reversal.waitingEmpty')} text={t('approvals.emptyText')} />}
    />
  );
}
