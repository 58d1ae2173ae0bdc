import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A table with dense rows of 36 px. */
export function Table({ className, ...rest }: ComponentProps<'table'>) {
  return <table className={cn('w-full border-collapse text-left text-sm leading-5', className)} {...rest} />;
}

/** A row of the body. */
export function TableRow({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr className={cn('border-b border-line last:border-0 hover:bg-hover/60', className)} {...rest} />;
}

const ALIGN = { start: 'text-left', end: 'text-right' } as const;

/** The heading of a column. */
export function ColumnHeading({
  align = 'start',
  className,
  ...rest
}: Omit<ComponentProps<'th'>, 'align'> & { align?: 'start' | 'end' }) {
  return (
    <th
      scope="col"
      className={cn(
        'h-9 border-b border-line bg-sunken px-3 text-xs font-medium whitespace-nowrap text-ink-2 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        ALIGN[align],
        className,
      )}
      {...rest}
    />
  );
}

/** A cell; figures are aligned at their end in figures of one width. */
export function Cell({
  align = 'start',
  className,
  ...rest
}: Omit<ComponentProps<'td'>, 'align'> & { align?: 'start' | 'end' }) {
  return (
    <td
      className={cn(
        'h-9 px-3 py-1.5 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        ALIGN[align],
        align === 'end' && 'num whitespace-nowrap',
        className,
      )}
      {...rest}
    />
  );
}
