import { InstantText } from '#components/format/instant-text.tsx';
import { formatFen } from '#components/format/money.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { Fen } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { JudgedSettlement, Verdict } from '#lib/payments/settlements/types.ts';

const TONES = {
  differs: 'danger',
  missingHere: 'danger',
  missingThere: 'warn',
  matched: 'ok',
  noted: 'neutral',
} as const satisfies Record<Verdict, Tone>;

const shown = (amount: Fen | null): string => (amount === null ? '' : formatFen(amount));

/** Transactions of a provider beside our own records, what differs first. */
export async function JudgedTable({ rows }: { rows: readonly JudgedSettlement[] }) {
  const t = await getTranslations('settlements');
  const columns: Column<JudgedSettlement>[] = [
    {
      key: 'result',
      header: t('result'),
      cell: ({ verdict }) => <Badge tone={TONES[verdict]}>{t(`verdict.${verdict}`)}</Badge>,
    },
    {
      key: 'what',
      header: t('what'),
      cell: ({ kind, transactionId, row, ourId }) => (
        <>
          {t(`kind.${kind}`)}
          {transactionId !== null && (
            <code className="block text-xs wrap-anywhere text-ink-2">
              {transactionId} · {t('rowOf', { row: `${row}` })}
            </code>
          )}
          {ourId !== null && <code className="block text-xs wrap-anywhere text-ink-2">{ourId}</code>}
        </>
      ),
    },
    { key: 'theirs', header: t('theirsAmount'), align: 'end', cell: ({ theirsFen }) => shown(theirsFen) },
    { key: 'ours', header: t('oursAmount'), align: 'end', cell: ({ oursFen }) => shown(oursFen) },
    { key: 'fee', header: t('fee'), align: 'end', isWideOnly: true, cell: ({ feeFen }) => shown(feeFen) },
    { key: 'at', header: t('at'), isWideOnly: true, cell: ({ at }) => <InstantText at={at} hasSeconds /> },
  ];
  return (
    <DataTable
      label={t('title')}
      columns={columns}
      rows={rows}
      rowKey={({ transactionId, ourId, kind }) => `${kind} ${transactionId ?? ourId}`}
      empty={<EmptyState title={t('none')} text={t('noneText')} />}
    />
  );
}
