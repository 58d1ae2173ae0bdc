'use client';

import { Textarea } from '../ui/input.tsx';
import { Field } from './field.tsx';
import { type FieldProps, useField } from './fields.tsx';

/** A labelled field of several lines, for text that a machine reads. */
export function TextAreaField(props: FieldProps & { rows?: number }) {
  const { ids, error, optionalLabel, control, key } = useField(props);
  const { label, hint, className, rows = 4 } = props;
  return (
    <Field ids={ids} label={label} hint={hint} error={error} optionalLabel={optionalLabel} className={className}>
      <Textarea
        key={key}
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        className="font-mono text-sm"
        {...control}
      />
    </Field>
  );
}
