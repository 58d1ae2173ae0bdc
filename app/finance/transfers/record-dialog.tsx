'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';

/** Records one receipt by hand, as the bank's advice says it. `nowText` is the business time, in Beijing. */
export function RecordDialog({
  action,
  initial,
  nowText,
}: {
  action: FormAction;
  initial: FormState;
  nowText: string;
}) {
  const t = useTranslations('receipts');
  return (
    <FormDialog
      title={t('recordForm.title')}
      description={t('recordForm.lead')}
      action={action}
      initial={initial}
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          {t('list.record')}
        </Button>
      }
    >
      <TextField
        name="bankReference"
        label={t('list.reference')}
        hint={t('recordForm.referenceHint')}
        autoComplete="off"
        maxLength={64}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="receivedAt"
          type="datetime-local"
          label={t('recordForm.receivedAt')}
          defaultValue={nowText}
          max={nowText}
        />
        <TextField
          name="amountYuan"
          label={t('list.amount')}
          hint={t('recordForm.amountHint')}
          inputMode="decimal"
          autoComplete="off"
        />
      </div>
      <TextField name="payerName" label={t('list.payer')} autoComplete="off" maxLength={100} />
      <TextField
        name="remark"
        label={t('list.remark')}
        hint={t('recordForm.remarkHint')}
        autoComplete="off"
        maxLength={200}
        isOptional
      />
      <SubmitButton className="justify-self-end">{t('recordForm.submit')}</SubmitButton>
    </FormDialog>
  );
}
