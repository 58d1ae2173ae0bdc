'use client';

import { useId } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import { Field } from '#components/form/field.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { JudgedStatement } from './actions.ts';

/** A file, or its text pasted. */
export function ChooseStatement({
  rowsMax,
  action,
  initial,
  onDone,
}: {
  rowsMax: number;
  action: FormAction<JudgedStatement>;
  initial: FormState<JudgedStatement>;
  onDone: (judged: JudgedStatement) => void;
}) {
  const t = useTranslations('receipts.statement');
  const id = useId();
  const idsOf = (name: string) => ({
    control: `${id}-${name}`,
    hint: `${id}-${name}-hint`,
    error: `${id}-${name}-error`,
  });
  const [file, paste] = [idsOf('file'), idsOf('paste')];
  return (
    <Panel>
      <ActionForm action={action} initial={initial} onDone={onDone} className="grid gap-4">
        <Field ids={file} label={t('file')} hint={t('fileHint', { rowsMax })}>
          <input
            id={file.control}
            type="file"
            name="file"
            accept=".csv,text/csv,text/plain"
            aria-describedby={file.hint}
            className="block w-full text-sm text-ink-2 file:mr-3 file:h-9 file:rounded-md file:border file:border-solid file:border-line-strong file:bg-surface file:px-3 file:text-sm file:font-medium file:text-ink hover:file:bg-hover pointer-coarse:file:h-11"
          />
        </Field>
        <Field ids={paste} label={t('paste')}>
          <Textarea id={paste.control} name="statement" rows={5} spellCheck={false} className="font-mono text-sm" />
        </Field>
        <SubmitButton className="justify-self-start">{t('preview')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
