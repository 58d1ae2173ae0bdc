import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import type { Option } from './select.tsx';

/** One of a few, all in sight: radio buttons in a row. Works in forms without JavaScript. */
export function Segmented({
  name,
  label,
  options,
  defaultValue,
  value,
  onChange,
  className,
}: {
  name: string;
  label: string;
  options: readonly Option[];
  defaultValue?: string | undefined;
  value?: string | undefined;
  onChange?: ComponentProps<'input'>['onChange'];
  className?: string | undefined;
}) {
  return (
    <fieldset className={cn('inline-flex rounded-md border border-line bg-sunken p-0.5', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            'relative flex h-7 flex-1 items-center justify-center rounded-sm px-3 text-sm whitespace-nowrap text-ink-2 pointer-coarse:h-10',
            'hover:text-ink has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line)]',
            'has-disabled:opacity-45 has-focus-visible:outline-2 has-focus-visible:outline-accent-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            disabled={option.isDisabled ?? false}
            className="absolute inset-0 opacity-0"
            {...(onChange && { onChange })}
            {...(value === undefined
              ? { defaultChecked: option.value === defaultValue }
              : { checked: option.value === value })}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
