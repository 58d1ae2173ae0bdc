import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

/** A checkbox with its label, one target. */
export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode }) {
  return (
    <label className={cn('flex items-start gap-2.5 py-1 pointer-coarse:min-h-11', className)}>
      <input type="checkbox" className="mt-[3px] size-4 shrink-0 accent-accent disabled:opacity-50" {...rest} />
      <span>
        <span className="block leading-6">{label}</span>
        {hint !== undefined && <span className="block text-xs text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}
