'use client';

import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import { FileField } from '#components/form/file-field.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { TextAreaField } from '#components/form/text-area-field.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { JudgedFile } from './actions.ts';

/** A file, or its text pasted. */
export function ChooseResults({
  rowsMax,
  action,
  initial,
  onDone,
}: {
  rowsMax: number;
  action: FormAction<JudgedFile>;
  initial: FormState<JudgedFile>;
  onDone: (judged: JudgedFile) => void;
}) {
  const t = useTranslations('fapiao');
  return (
    <Panel>
      <ActionForm action={action} initial={initial} onDone={onDone} className="grid gap-4">
        <FileField
          label={t('results.file')}
          hint={t('results.fileHint', { rowsMax })}
          accept=".csv,text/csv,text/plain"
          chooseLabel={t('queue.chooseFile')}
          noneLabel={t('queue.noFile')}
        />
        <TextAreaField name="results" label={t('results.paste')} rows={5} isOptional />
        <SubmitButton className="justify-self-start">{t('results.preview')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
