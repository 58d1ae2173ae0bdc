'use client';

import { FileUp } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import { Field } from '#components/form/field.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
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
  const [chosen, setChosen] = useState<string | null>(null);
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
          <span className="flex flex-wrap items-center gap-3">
            <span
              className={cn(buttonClass(), 'relative has-focus-visible:outline-2 has-focus-visible:outline-accent-ink')}
            >
              <FileUp aria-hidden />
              {t('chooseFile')}
              <input
                id={file.control}
                type="file"
                name="file"
                accept=".csv,text/csv,text/plain"
                aria-describedby={file.hint}
                onChange={(event) => setChosen(event.currentTarget.files?.[0]?.name ?? null)}
                className="absolute inset-0 opacity-0"
              />
            </span>
            <span className="text-sm wrap-anywhere text-ink-2">{chosen ?? t('noFile')}</span>
          </span>
        </Field>
        <Field ids={paste} label={t('paste')}>
          <Textarea id={paste.control} name="statement" rows={5} spellCheck={false} className="font-mono text-sm" />
        </Field>
        <SubmitButton className="justify-self-start">{t('preview')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
