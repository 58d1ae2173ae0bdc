import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

export const CONTROL_CLASS = cn(
  'w-full rounded-md border border-line-strong bg-surface text-base text-ink transition-colors duration-100',
  'hover:border-ink-3 focus-visible:border-accent-ink focus-visible:outline-1 focus-visible:outline-offset-0',
  'disabled:bg-sunken disabled:text-ink-3 read-only:bg-sunken aria-invalid:border-danger',
);

/** A one-line field. Numbers are typed as text with `inputMode`, because browsers change number fields on scrolling. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(CONTROL_CLASS, 'h-9 px-3 pointer-coarse:h-11', className)} {...rest} />;
}

/** A field of several lines. */
export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={cn(CONTROL_CLASS, 'min-h-20 px-3 py-2', className)} {...rest} />;
}
