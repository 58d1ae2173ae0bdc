import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { kindOf } from '#lib/payments/reconciliation/period.ts';
import type { Difference } from '#lib/payments/reconciliation/types.ts';

/** Where to read on about a difference: the bank line and the journal, as far as there are any. */
async function Links({ difference: { bankLineId, journalId } }: { difference: Difference }) {
  const t = await getTranslations('reconciliation');
  return (
    <span className="flex flex-wrap gap-x-3">
      {bankLineId !== null && <TextLink href={`/finance/transfers/${bankLineId}`}>{t('line')}</TextLink>}
      {journalId !== null && (
        <TextLink href={`/finance/ledger/journals/${journalId}`}>{t('journal', { id: journalId })}</TextLink>
      )}
    </span>
  );
}

/** The one difference to work on: the oldest. */
export async function FirstDifference({ difference }: { difference: Difference }) {
  const t = await getTranslations('reconciliation');
  const { flow, key, rowUnits, journalUnits } = difference;
  return (
    <Alert kind="warn" title={t('first')} className="mb-6">
      <p className="text-ink-2">
        {t(`flow.${flow}`)} · {t(`kind.${kindOf(difference)}`)} · <code className="text-xs wrap-anywhere">{key}</code>
      </p>
      <p className="text-ink-2">
        {rowUnits !== null && (
          <>
            {t(`rows.${flow}`)} <Money units={rowUnits} />{' '}
          </>
        )}
        {journalUnits !== null && (
          <>
            {t('ledger')} <Money units={journalUnits} />
          </>
        )}
      </p>
      <Links difference={difference} />
    </Alert>
  );
}

/** Every difference, oldest first. */
export async function DifferencesTable({ rows }: { rows: readonly Difference[] }) {
  const t = await getTranslations('reconciliation');
  const columns: Column<Difference>[] = [
    {
      key: 'what',
      header: t('what'),
      cell: (difference) => (
        <>
          {t(`flow.${difference.flow}`)} <Badge tone="warn">{t(`kind.${kindOf(difference)}`)}</Badge>
          <code className="block text-xs wrap-anywhere text-ink-2">{difference.key}</code>
        </>
      ),
    },
    { key: 'at', header: t('at'), isWideOnly: true, cell: ({ at }) => <InstantText at={at} /> },
    {
      key: 'row',
      header: t('ours'),
      align: 'end',
      cell: ({ rowUnits }) => rowUnits !== null && <Money units={rowUnits} />,
    },
    {
      key: 'journal',
      header: t('ledger'),
      align: 'end',
      cell: ({ journalUnits }) => journalUnits !== null && <Money units={journalUnits} />,
    },
    { key: 'links', header: t('key'), isWideOnly: true, cell: (difference) => <Links difference={difference} /> },
  ];
  return (
    <DataTable
      label={t('differencesTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ flow, key }) => `${flow} ${key}`}
      empty={<EmptyState title={t('differencesEmpty')} text={t('differencesEmptyText')} />}
    />
  );
}
