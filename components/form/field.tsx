import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

export type FieldIds = { readonly control: string; readonly hint: string; readonly error: string };

/** The label above a control, its hint and its error below. */
export function Field({
  ids,
  label,
  hint,
  error,
  optionalLabel,
  className,
  children,
}: {
  ids: FieldIds;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  optionalLabel?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={ids.control} className="mb-1 block text-sm font-medium">
        {label}
        {optionalLabel !== undefined && <span className="ml-2 text-xs font-normal text-ink-3">{optionalLabel}</span>}
      </label>
      {children}
      {error !== undefined && (
        <p id={ids.error} className="mt-1 text-xs text-danger">
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={ids.hint} className="mt-1 text-xs text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
