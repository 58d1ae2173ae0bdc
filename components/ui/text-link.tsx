import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A link in running text or in a table cell. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={cn('rounded-sm font-medium text-accent-ink underline-offset-3 hover:underline', className)}
      {...rest}
    />
  );
}
