import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Cell, ColumnHeading, Table, TableRow } from '../ui/table.tsx';

export type Column<Row> = {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** Money, counts and times are aligned at their end, so that their digits stand under one another. */
  readonly align?: 'start' | 'end';
  /** Left out on a phone: what the first column or the page of the row says anyway. */
  readonly isWideOnly?: boolean;
  readonly className?: string;
};

/**
 * A table rendered on the server: columns as data, one empty state, an optional foot with totals. Sorting and filters
 * belong into the address, so headers are links where a page wants them.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
  foot,
  className,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  empty: ReactNode;
  foot?: ReactNode;
  className?: string | undefined;
}) {
  if (rows.length === 0) return <>{empty}</>;
  const hidden = (column: Column<Row>) => cn(column.isWideOnly && 'max-md:hidden', column.className);
  return (
    <ScrollRegion label={label} className={className}>
      <Table>
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHeading key={column.key} align={column.align ?? 'start'} className={hidden(column)}>
                {column.header}
              </ColumnHeading>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.key} align={column.align ?? 'start'} className={hidden(column)}>
                  {column.cell(row)}
                </Cell>
              ))}
            </TableRow>
          ))}
        </tbody>
        {foot !== undefined && <tfoot className="border-t border-line-strong font-medium">{foot}</tfoot>}
      </Table>
    </ScrollRegion>
  );
}
