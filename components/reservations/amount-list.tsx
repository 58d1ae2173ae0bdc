import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

export type AmountRow = {
  readonly term: string;
  readonly value: ReactNode;
  /** The figure that the list is about. */
  readonly isMain?: boolean;
};

/** Amounts under one another, aligned at their end, so that they can be added up by eye. */
export function AmountList({ rows, className }: { rows: readonly AmountRow[]; className?: string | undefined }) {
  return (
    <dl className={cn('grid gap-2 text-sm', className)}>
      {rows.map(({ term, value, isMain = false }) => (
        <div key={term} className="flex flex-wrap items-baseline justify-between gap-x-6">
          <dt className="text-ink-2">{term}</dt>
          <dd className={cn('num ml-auto text-right', isMain && 'text-base font-semibold')}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
