'use client';

import { Ticket } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';

/** Redeems a code. */
export function RedeemDialog({ action, initial }: { action: FormAction; initial: FormState }) {
  const t = useTranslations('vouchers');
  return (
    <FormDialog
      title={t('own.redeem')}
      description={t('own.redeemLead')}
      action={action}
      initial={initial}
      trigger={
        <Button variant="primary">
          <Ticket aria-hidden />
          {t('own.redeem')}
        </Button>
      }
    >
      <TextField name="code" label={t('own.code')} hint={t('own.codeHint')} autoComplete="off" maxLength={80} />
      <SubmitButton className="justify-self-end">{t('own.submit')}</SubmitButton>
    </FormDialog>
  );
}
