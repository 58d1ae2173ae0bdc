'use client';

import { useTranslations } from 'use-intl/react';
import type { Person } from '#lib/inventory/incident-types.ts';
import { ActionForm } from '../form/action-form.tsx';
import { SelectField, TextField } from '../form/fields.tsx';
import { FormDialog } from '../form/form-dialog.tsx';
import type { FormAction, FormState } from '../form/form-state.ts';
import { SubmitButton } from '../form/submit-button.tsx';
import { Button } from '../ui/button.tsx';

export type IncidentActions = {
  readonly take: FormAction;
  readonly giveBack: FormAction;
  readonly handOver: FormAction;
  readonly resolve: FormAction;
};

const REASON_LENGTH_MAX = 200;

/** What can be done about an open fault case where it stands: take it, give it back, hand it over, resolve it. */
export function IncidentActs({
  ownership,
  colleagues,
  actions,
  initial,
}: {
  ownership: 'nobody' | 'me' | 'other';
  /** To whom it can be handed; none: not offered here. */
  colleagues: readonly Person[];
  actions: IncidentActions;
  initial: FormState;
}) {
  const t = useTranslations('faults');
  return (
    <div className="flex flex-wrap items-start justify-end gap-2">
      {ownership === 'nobody' && (
        <ActionForm action={actions.take} initial={initial} className="grid gap-2">
          <SubmitButton size="sm">{t('take')}</SubmitButton>
        </ActionForm>
      )}
      {ownership === 'me' && (
        <ActionForm action={actions.giveBack} initial={initial} className="grid gap-2">
          <SubmitButton size="sm" variant="secondary">
            {t('giveBack')}
          </SubmitButton>
        </ActionForm>
      )}
      {colleagues.length > 0 && (
        <FormDialog
          trigger={<Button size="sm">{t('handOver')}</Button>}
          title={t('handOver')}
          description={t('handOverText')}
          action={actions.handOver}
          initial={initial}
        >
          <SelectField
            name="personId"
            label={t('handOverTo')}
            options={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <SubmitButton className="justify-self-end">{t('handOver')}</SubmitButton>
        </FormDialog>
      )}
      <FormDialog
        trigger={<Button size="sm">{t('resolve')}</Button>}
        title={t('resolve')}
        description={t('resolveText')}
        action={actions.resolve}
        initial={initial}
      >
        <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={REASON_LENGTH_MAX} />
        <SubmitButton className="justify-self-end">{t('resolve')}</SubmitButton>
      </FormDialog>
    </div>
  );
}
