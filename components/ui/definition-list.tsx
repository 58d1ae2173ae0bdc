import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type Definition = { readonly term: string; readonly value: ReactNode };

/** Terms and their values, one under the other; two columns where there is room. */
export function DefinitionList({ items, className }: { items: readonly Definition[]; className?: string | undefined }) {
  return (
    <dl className={cn('grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm', className)}>
      {items.map(({ term, value }) => (
        <div key={term} className="col-span-2 grid grid-cols-subgrid items-baseline">
          <dt className="text-ink-2">{term}</dt>
          <dd className="num min-w-0 text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
