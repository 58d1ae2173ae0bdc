'use client';

import { useTranslations } from 'use-intl/react';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Button } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';
import type { BankLine, MatchSuggestion } from '#lib/payments/types.ts';

/** Asks before a bank line becomes a customer's money: whose, how much, and what does not fit. */
export function MatchDialog({
  line,
  suggestion,
  action,
  initial,
}: {
  line: BankLine;
  suggestion: MatchSuggestion;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('receipts.match');
  const c = useTranslations('common.action');
  const { payment, organisationName: organisation, isCodeInRemark, isAmountEqual } = suggestion;
  const amount = formatFen(line.amountFen);
  return (
    <FormDialog
      title={t('title', { organisation })}
      description={t('text', { amount, organisation })}
      action={action}
      initial={initial}
      trigger={
        <Button size="sm" aria-label={t('buttonFor', { organisation })}>
          {t('button')}
        </Button>
      }
    >
      <input type="hidden" name="bankLineId" value={line.id} />
      <input type="hidden" name="paymentId" value={payment.id} />
      <DefinitionList
        items={[
          { term: t('payer'), value: line.payerName },
          { term: t('arrived'), value: amount },
          { term: t('announced'), value: formatFen(payment.amountFen) },
          { term: t('code'), value: <code>{payment.remittanceCode}</code> },
        ]}
      />
      {!isAmountEqual && <Alert kind="warn">{t('differs', { amount })}</Alert>}
      {!isCodeInRemark && <Alert kind="warn">{t('noCode')}</Alert>}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton className="max-w-full truncate">{t('submit', { organisation, amount })}</SubmitButton>
      </div>
    </FormDialog>
  );
}
