'use client';

import { FileUp } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Field } from './field.tsx';

/** A labelled choice of one file; the browser's own control lies over the button. */
export function FileField({
  label,
  hint,
  accept,
  chooseLabel,
  noneLabel,
}: {
  label: ReactNode;
  hint: ReactNode;
  accept: string;
  chooseLabel: ReactNode;
  noneLabel: string;
}) {
  const id = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = { control: id, hint: `${id}-hint`, error: `${id}-error` };
  return (
    <Field ids={ids} label={label} hint={hint}>
      <span className="flex flex-wrap items-center gap-3">
        <span
          className={cn(buttonClass(), 'relative has-focus-visible:outline-2 has-focus-visible:outline-accent-ink')}
        >
          <FileUp aria-hidden />
          {chooseLabel}
          <input
            id={ids.control}
            type="file"
            name="file"
            accept={accept}
            aria-describedby={ids.hint}
            onChange={(event) => setChosen(event.currentTarget.files?.[0]?.name ?? null)}
            className="absolute inset-0 opacity-0"
          />
        </span>
        <span className="text-sm wrap-anywhere text-ink-2">{chosen ?? noneLabel}</span>
      </span>
    </Field>
  );
}
