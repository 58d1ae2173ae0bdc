'use client';

import { useTranslations } from 'use-intl/react';
import { formatFen } from '#components/format/money.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Conflict, JudgedResult, Verdict } from '#lib/fapiao/verdict.ts';

const TONES = {
  new: 'active',
  done: 'ok',
  known: 'neutral',
  conflict: 'danger',
  broken: 'danger',
} as const satisfies Record<Verdict['kind'], Tone>;

function ConflictText({ conflict }: { conflict: Conflict }) {
  const t = useTranslations('fapiao.results.conflict');
  const number = conflict.code === 'issuedOtherwise' ? conflict.number : '';
  const expected = conflict.code === 'amountDiffers' ? formatFen(conflict.expectedFen) : '';
  return t(conflict.code, { number, expected });
}

function Outcome({ read }: JudgedResult) {
  if (!read.isRead) return null;
  const { outcome } = read;
  if (outcome.kind === 'refused') return outcome.reason;
  return (
    <span className="num whitespace-nowrap">
      {outcome.number}
      <span className="block text-xs text-ink-2">{outcome.issuedOn}</span>
    </span>
  );
}

/** The rows of a file of results, each with what is or would be done with it. */
export function ResultsTable({ rows, label }: { rows: readonly JudgedResult[]; label: string }) {
  const t = useTranslations('fapiao');
  const columns: Column<JudgedResult>[] = [
    { key: 'row', header: t('results.row'), align: 'end', cell: ({ row }) => row },
    {
      key: 'result',
      header: t('results.result'),
      cell: ({ verdict, read }) => (
        <>
          <Badge tone={TONES[verdict.kind]}>{t(`results.verdict.${verdict.kind}`)}</Badge>
          {verdict.kind === 'conflict' && (
            <span className="block max-w-prose text-xs text-ink-2">
              <ConflictText conflict={verdict.conflict} />
            </span>
          )}
          {!read.isRead && (
            <span className="block max-w-prose text-xs text-ink-2">{t(`results.problem.${read.problem}`)}</span>
          )}
        </>
      ),
    },
    {
      key: 'number',
      header: t('list.number'),
      cell: ({ salesNumber, fapiaoId }) =>
        fapiaoId === null ? (
          <span className="num wrap-anywhere">{salesNumber}</span>
        ) : (
          <TextLink href={`/finance/fapiao/${fapiaoId}`} className="num whitespace-nowrap">
            {salesNumber}
          </TextLink>
        ),
    },
    { key: 'outcome', header: t('list.fapiaoNumber'), cell: (result) => <Outcome {...result} /> },
    {
      key: 'gross',
      header: t('list.gross'),
      align: 'end',
      isWideOnly: true,
      cell: ({ read }) => read.isRead && read.outcome.kind === 'issued' && formatFen(read.outcome.grossFen),
    },
  ];
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ row }) => `${row}`} empty={null} />;
}
