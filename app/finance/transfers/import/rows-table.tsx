'use client';

import { useTranslations } from 'use-intl/react';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { JudgedRow, Verdict } from '#lib/payments/statement-verdict.ts';

const TONES = {
  new: 'active',
  recorded: 'ok',
  known: 'neutral',
  conflict: 'danger',
  skipped: 'neutral',
  broken: 'danger',
} as const satisfies Record<Verdict, Tone>;

/** The rows of a statement as the file says them, each with what is or would be done with it. */
export function RowsTable({ rows, label }: { rows: readonly JudgedRow[]; label: string }) {
  const t = useTranslations('receipts');
  const columns: Column<JudgedRow>[] = [
    { key: 'row', header: t('statement.row'), align: 'end', cell: ({ row }) => row },
    {
      key: 'result',
      header: t('statement.result'),
      cell: ({ verdict, read }) => (
        <>
          <Badge tone={TONES[verdict]}>{t(`statement.verdict.${verdict}`)}</Badge>
          {verdict === 'broken' && !read.isRead && (
            <span className="block text-xs text-ink-2">{t(`statement.problem.${read.problem}`)}</span>
          )}
          {verdict === 'conflict' && <span className="block text-xs text-ink-2">{t('statement.conflictNote')}</span>}
        </>
      ),
    },
    {
      key: 'payer',
      header: t('list.payer'),
      cell: ({ text, lineId }) => (
        <>
          {lineId === null ? (
            text.payerName
          ) : (
            <TextLink href={`/finance/transfers/${lineId}`}>{text.payerName}</TextLink>
          )}
          {text.remark !== '' && <span className="block text-xs wrap-anywhere text-ink-2">{text.remark}</span>}
        </>
      ),
    },
    { key: 'amount', header: t('list.amount'), align: 'end', cell: ({ text }) => text.amountYuan },
    {
      key: 'received',
      header: t('list.received'),
      isWideOnly: true,
      cell: ({ text }) => <span className="num whitespace-nowrap">{text.receivedAt}</span>,
    },
    {
      key: 'reference',
      header: t('list.reference'),
      isWideOnly: true,
      cell: ({ text }) => <code className="text-xs wrap-anywhere text-ink-2">{text.bankReference}</code>,
    },
  ];
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ row }) => `${row}`} empty={null} />;
}
