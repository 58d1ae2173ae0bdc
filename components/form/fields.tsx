'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl/react';
import { Input } from '../ui/input.tsx';
import { type Option, Select } from '../ui/select.tsx';
import { useFormState } from './action-form.tsx';
import { Field } from './field.tsx';

export type FieldProps = {
  readonly name: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly isOptional?: boolean;
  readonly defaultValue?: string | undefined;
  readonly className?: string | undefined;
};

/** What a control of a form needs to know: its ids, its error, and what was typed before. */
export function useField({ name, hint, isOptional = false, defaultValue }: FieldProps) {
  const t = useTranslations('common.field');
  const state = useFormState();
  const id = useId();
  const ids = { control: id, hint: `${id}-hint`, error: `${id}-error` };
  const error = state?.status === 'refused' ? state.fields[name] : undefined;
  const described = [error !== undefined && ids.error, hint !== undefined && ids.hint].filter(Boolean).join(' ');
  return {
    ids,
    error,
    optionalLabel: isOptional ? t('optional') : undefined,
    /** Remounts the control with each answer, because React resets a form to the values it was first given. */
    key: state?.key,
    control: {
      id,
      name,
      defaultValue: state?.values[name] ?? defaultValue,
      required: !isOptional,
      ...(error !== undefined && { 'aria-invalid': true as const }),
      ...(described !== '' && { 'aria-describedby': described }),
    },
  };
}

/** A labelled one-line field of a form. */
export function TextField({
  label,
  hint,
  isOptional,
  className,
  ...rest
}: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'defaultValue' | 'id'>) {
  const { name, defaultValue, ...input } = rest;
  const field = useField({ name, label, hint, isOptional: isOptional ?? false, defaultValue });
  const { ids, error, optionalLabel, control, key } = field;
  return (
    <Field ids={ids} label={label} hint={hint} error={error} optionalLabel={optionalLabel} className={className}>
      <Input key={key} {...input} {...control} />
    </Field>
  );
}

/** A labelled choice of a form. */
export function SelectField({ options, ...props }: FieldProps & { options: readonly Option[] }) {
  const { ids, error, optionalLabel, control, key } = useField(props);
  const { label, hint, className } = props;
  return (
    <Field ids={ids} label={label} hint={hint} error={error} optionalLabel={optionalLabel} className={className}>
      <Select key={key} options={options} {...control} />
    </Field>
  );
}
