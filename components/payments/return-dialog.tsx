'use client';

import { Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';
import type { BankLine } from '#lib/payments/types.ts';

/** Asks for the reason before money that nobody expects goes back to its sender. */
export function ReturnDialog({ line, action, initial }: { line: BankLine; action: FormAction; initial: FormState }) {
  const t = useTranslations('receipts.return');
  const c = useTranslations('common.action');
  const amount = formatFen(line.amountFen);
  return (
    <FormDialog
      title={t('title', { amount })}
      description={t('text', { payer: line.payerName })}
      action={action}
      initial={initial}
      trigger={
        <Button variant="danger-quiet">
          <Undo2 aria-hidden />
          {t('button')}
        </Button>
      }
    >
      <input type="hidden" name="bankLineId" value={line.id} />
      <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton variant="danger">{t('submit', { amount })}</SubmitButton>
      </div>
    </FormDialog>
  );
}
