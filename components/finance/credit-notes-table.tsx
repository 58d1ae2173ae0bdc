import type { ReactNode } from 'react';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { CreditNote } from '#lib/billing/credit-notes/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { CreditNoteBadge } from './credit-note-badge.tsx';

async function columnsOf(): Promise<Column<CreditNote>[]> {
  const t = await getTranslations('corrections');
  return [
    {
      key: 'number',
      header: t('credit.number'),
      className: 'whitespace-nowrap',
      cell: ({ id, issue, invoiceId, invoiceNumber }) => (
        <>
          <TextLink href={`/finance/credit-notes/${id}`} className="num">
            {issue?.number ?? t('credit.noNumber')}
          </TextLink>
          <span className="mt-1.5 block text-xs text-ink-2">
            {t('credit.invoice')}{' '}
            <TextLink href={`/finance/invoices/${invoiceId}`} className="num">
              {invoiceNumber}
            </TextLink>
          </span>
        </>
      ),
    },
    {
      key: 'organisation',
      header: t('credit.organisation'),
      isWideOnly: true,
      cell: ({ organisationName }) => organisationName,
    },
    {
      key: 'reason',
      header: t('credit.reason'),
      isWideOnly: true,
      cell: ({ reason, reasonText, proposedByName, proposedAt }) => (
        <>
          {t('credit.reasonWith', { reason: t(`credit.reasons.${reason}`), text: reasonText || 'none' })}
          <span className="block text-xs text-ink-2">
            {t('credit.byAt', { name: proposedByName, at: formatInstant(proposedAt) })}
          </span>
        </>
      ),
    },
    {
      key: 'gross',
      header: t('credit.gross'),
      align: 'end',
      cell: ({ grossFen }) => <Money fen={grossFen} />,
    },
    {
      key: 'state',
      header: t('credit.status'),
      isWideOnly: true,
      cell: ({ state }) => <CreditNoteBadge state={state} />,
    },
  ];
}

/** Credit notes for finance: of which invoice, why, how much; with what can be done in the last column, if anything can. */
export async function CreditNotesTable({
  label,
  rows,
  empty,
  actions,
}: {
  label: string;
  rows: readonly CreditNote[];
  empty: ReactNode;
  actions?: (note: CreditNote) => ReactNode;
}) {
  const t = await getTranslations('corrections');
  const acting: Column<CreditNote>[] = actions
    ? [
        {
          key: 'actions',
          header: <span className="sr-only">{t('approvals.actions')}</span>,
          align: 'end',
          cell: actions,
        },
      ]
    : [];
  return (
    <DataTable
      label={label}
      columns={[...(await columnsOf()), ...acting]}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
    />
  );
}
