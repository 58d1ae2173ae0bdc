import type { ReactNode } from 'react';
import { InstantText } from '#components/format/instant-text.tsx';
import { LedgerLeg } from '#components/format/ledger-amount-text.tsx';
import { AskLink } from '#components/origin/ask-link.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { JournalRow } from '#lib/ledger/view-types.ts';

/** Journals with what they moved; each leads to its legs. */
export async function JournalsTable({ rows, empty }: { rows: readonly JournalRow[]; empty: ReactNode }) {
  const [t, o] = [await getTranslations('ledger'), await getTranslations('origin')];
  const columns: Column<JournalRow>[] = [
    {
      key: 'id',
      header: t('journal.id'),
      cell: ({ id }) => (
        <TextLink href={`/finance/ledger/journals/${id}`} className="num">
          {id}
        </TextLink>
      ),
    },
    {
      key: 'kind',
      header: t('journal.kind'),
      className: 'whitespace-nowrap',
      cell: ({ kind, effectiveAt }) => (
        <>
          {t(`journalKind.${kind}`)}
          <span className="block text-xs text-ink-2 md:hidden">
            <InstantText at={effectiveAt} />
          </span>
        </>
      ),
    },
    {
      key: 'organisation',
      header: t('journal.organisation'),
      cell: ({ organisationName }) => organisationName ?? <span className="text-ink-3">{t('account.noOwner')}</span>,
    },
    {
      key: 'key',
      header: t('journal.key'),
      isWideOnly: true,
      cell: ({ key }) => <code className="text-xs wrap-anywhere text-ink-2">{key}</code>,
    },
    {
      key: 'effective',
      header: t('journal.effectiveAt'),
      isWideOnly: true,
      cell: ({ effectiveAt }) => <InstantText at={effectiveAt} />,
    },
    {
      key: 'amount',
      header: t('journal.amount'),
      align: 'end',
      cell: ({ id, amountUnits }) => (
        <>
          <LedgerLeg amount={amountUnits} asset="CNY/8" />
          <span className="block">
            <AskLink href={FINANCE_PATHS.journal(id)} what={o('askJournal', { id })} />
          </span>
        </>
      ),
    },
  ];
  return (
    <DataTable label={t('journal.listTitle')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />
  );
}
