import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

export type Choice = {
  readonly value: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** At the end of the line: a price. */
  readonly aside?: ReactNode;
};

/** One of a few, each with what it means: radio buttons in frames of their own. */
export function Choices({
  name,
  label,
  choices,
  chosen,
  className,
}: {
  name: string;
  label: ReactNode;
  choices: readonly Choice[];
  chosen: string;
  className?: string | undefined;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      <div className={cn('grid gap-2', className)}>
        {choices.map(({ value, label: text, hint, aside }) => (
          <label
            key={value}
            className={cn(
              'relative flex min-w-0 items-start gap-2.5 rounded-md border border-line-strong bg-surface px-3 py-2 hover:border-ink-3',
              'has-checked:border-accent-ink has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-ink',
            )}
          >
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === chosen}
              className="mt-1 size-3.5 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="text-sm font-medium">{text}</span>
                {aside !== undefined && <span className="num text-sm text-ink-2">{aside}</span>}
              </span>
              {hint !== undefined && <span className="num block text-xs text-ink-2">{hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Buttons that set a field of the form to a usual value. They work without JavaScript: the later value holds. */
export function QuickValues({
  name,
  label,
  values,
  chosen,
}: {
  name: string;
  label: string;
  values: readonly { readonly value: string; readonly label: string }[];
  chosen: string;
}) {
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {values.map(({ value, label: text }) => (
        <button
          key={value}
          type="submit"
          name={name}
          value={value}
          aria-pressed={value === chosen}
          className="num h-9 min-w-9 rounded-md border border-line bg-surface px-2 text-sm text-ink-2 hover:border-line-strong hover:text-ink aria-pressed:border-accent-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11"
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
