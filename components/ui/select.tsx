import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { CONTROL_CLASS } from './input.tsx';

export type Option = { readonly value: string; readonly label: string; readonly isDisabled?: boolean };

/** The platform's own select in our clothes: it works without JavaScript and opens natively on phones. */
export function Select({
  options,
  className,
  isCompact = false,
  ...rest
}: Omit<ComponentProps<'select'>, 'children'> & { options: readonly Option[]; isCompact?: boolean }) {
  return (
    <span className={cn('relative inline-flex w-full', className)}>
      <select
        className={cn(
          CONTROL_CLASS,
          'appearance-none truncate pr-8 pl-3 read-only:bg-surface pointer-coarse:h-11',
          isCompact ? 'h-8 text-sm' : 'h-9',
        )}
        {...rest}
      >
        {options.map(({ value, label, isDisabled }) => (
          <option key={value} value={value} disabled={isDisabled ?? false}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
