import type { ReactNode } from 'react';
import type { UsageTotals } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCardHours } from '../format/card-hours.ts';
import { ExactMoney, tailDigits } from '../format/exact-money.tsx';
import type { Column } from '../table/data-table.tsx';
import { Cell } from '../ui/table.tsx';

/** How many digits below a fen the amounts of a table and its total have. */
export function usageTail(rows: readonly UsageTotals[], totals: UsageTotals): number {
  return tailDigits([totals, ...rows].map(({ amountUnits }) => amountUnits));
}

/** The columns that every table of usage ends with: card-hours and money, with room for `tail` digits below a fen. */
export async function usageColumns(tail: number): Promise<Column<UsageTotals>[]> {
  const t = await getTranslations('usage');
  return [
    { key: 'used', header: t('used'), align: 'end', cell: ({ usedSeconds }) => formatCardHours(usedSeconds) },
    {
      key: 'unused',
      header: t('unused'),
      align: 'end',
      isWideOnly: true,
      cell: ({ unusedSeconds }) => formatCardHours(unusedSeconds),
    },
    {
      key: 'down',
      header: t('down'),
      align: 'end',
      isWideOnly: true,
      cell: ({ downSeconds }) => formatCardHours(downSeconds),
    },
    {
      key: 'amount',
      header: t('amount'),
      align: 'end',
      cell: ({ amountUnits }) => <ExactMoney units={amountUnits} tail={tail} />,
    },
  ];
}

/** The foot below those columns; `before` are the cells of the columns before them. */
export function UsageFoot({ totals, tail, before }: { totals: UsageTotals; tail: number; before: ReactNode }) {
  return (
    <tr>
      {before}
      <Cell align="end">{formatCardHours(totals.usedSeconds)}</Cell>
      <Cell align="end" className="max-md:hidden">
        {formatCardHours(totals.unusedSeconds)}
      </Cell>
      <Cell align="end" className="max-md:hidden">
        {formatCardHours(totals.downSeconds)}
      </Cell>
      <Cell align="end">
        <ExactMoney units={totals.amountUnits} tail={tail} />
      </Cell>
    </tr>
  );
}
