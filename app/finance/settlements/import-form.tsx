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

/** A provider's file, to be taken whole. */
export function ImportForm({
  provider,
  action,
  initial,
}: {
  provider: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('settlements');
  const id = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = { control: `${id}-file`, hint: `${id}-hint`, error: `${id}-error` };
  return (
    <ActionForm action={action} initial={initial} className="grid gap-4">
      <input type="hidden" name="provider" value={provider} />
      <Field ids={ids} label={t('file')} hint={t('fileHint')}>
        <span className="flex flex-wrap items-center gap-3">
          <span
            className={cn(buttonClass(), 'relative has-focus-visible:outline-2 has-focus-visible:outline-accent-ink')}
          >
            <FileUp aria-hidden />
            {t('chooseFile')}
            <input
              id={ids.control}
              type="file"
              name="file"
              accept=".csv,text/csv,text/plain"
              aria-describedby={ids.hint}
              onChange={(event) => setChosen(event.currentTarget.files?.[0]?.name ?? null)}
              className="absolute inset-0 opacity-0"
            />
          </span>
          <span className="text-sm wrap-anywhere text-ink-2">{chosen ?? t('noFile')}</span>
        </span>
      </Field>
      <SubmitButton className="justify-self-start">{t('submit')}</SubmitButton>
    </ActionForm>
  );
}
