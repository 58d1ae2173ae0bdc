import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** A figure with its name and, below, what it means. */
export function Stat({
  label,
  value,
  note,
  className,
}: {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  className?: string | undefined;
}) {
  return (
    <div className={cn('min-w-0 px-4 py-3.5 sm:px-5', className)}>
      <dt className="text-xs text-ink-2">{label}</dt>
      <dd className="num mt-0.5 text-xl font-semibold text-ink">{value}</dd>
      {note !== undefined && <dd className="mt-0.5 text-xs text-ink-3">{note}</dd>}
    </div>
  );
}

/** Figures side by side in one frame; they wrap to two columns on a phone. */
export function StatRow({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return (
    <dl
      className={cn(
        'grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line *:bg-surface md:auto-cols-fr md:grid-flow-col md:grid-cols-none',
        className,
      )}
    >
      {children}
    </dl>
  );
}
