'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { CODES_MAX } from '#lib/vouchers/types.ts';
import type { NewCodes } from '../actions.ts';

/** Grants a voucher to an organisation; the amount is the face value unless somebody says otherwise. */
export function GrantDialog({ action, initial, face }: { action: FormAction; initial: FormState; face: string }) {
  const t = useTranslations('vouchers');
  return (
    <FormDialog
      title={t('detail.grant')}
      description={t('detail.grantLead')}
      action={action}
      initial={initial}
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          {t('detail.grant')}
        </Button>
      }
    >
      <TextField name="slug" label={t('detail.slug')} hint={t('detail.slugHint')} autoComplete="off" maxLength={64} />
      <TextField
        name="amountYuan"
        label={t('detail.amount')}
        hint={t('detail.amountHint')}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={face}
      />
      <SubmitButton className="justify-self-end">{t('detail.grantSubmit')}</SubmitButton>
    </FormDialog>
  );
}

/** Makes codes and shows them, which cannot be done again. */
export function CodesDialog({ action, initial }: { action: FormAction<NewCodes>; initial: FormState<NewCodes> }) {
  const t = useTranslations('vouchers');
  return (
    <FormDialog
      title={t('detail.makeCodes')}
      description={t('detail.makeCodesLead')}
      action={action}
      initial={initial}
      trigger={<Button>{t('detail.makeCodes')}</Button>}
      renderDone={({ codes }, close) => ({
        title: t('detail.codesDone'),
        content: (
          <div className="grid gap-4">
            <p className="text-sm text-ink-2">{t('detail.codesDoneText')}</p>
            <CodeBlock text={codes.join('\n')} label={t('detail.codesLabel')} />
            <Button onClick={close} className="justify-self-end">
              {t('detail.codesClose')}
            </Button>
          </div>
        ),
      })}
    >
      <TextField
        name="count"
        label={t('detail.codesCount')}
        hint={t('detail.codesCountHint', { max: CODES_MAX })}
        inputMode="numeric"
        autoComplete="off"
        defaultValue="10"
      />
      <SubmitButton className="justify-self-end">{t('detail.codesSubmit')}</SubmitButton>
    </FormDialog>
  );
}

/** Stops granting after asking. */
export function CloseDialog({ action, initial }: { action: FormAction; initial: FormState }) {
  const t = useTranslations('vouchers.detail');
  return (
    <ConfirmDialog
      title={t('close')}
      text={t('closeText')}
      confirm={t('close')}
      action={action}
      initial={initial}
      trigger={<Button>{t('close')}</Button>}
    />
  );
}

/** Takes a voucher back after asking. */
export function WithdrawDialog({
  grantId,
  name,
  action,
  initial,
}: {
  grantId: string;
  name: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('vouchers.detail');
  return (
    <ConfirmDialog
      title={t('withdrawTitle')}
      text={t('withdrawText')}
      confirm={t('withdraw')}
      fields={{ grantId }}
      action={action}
      initial={initial}
      trigger={
        <Button size="sm" variant="ghost" aria-label={`${t('withdraw')}: ${name}`}>
          {t('withdraw')}
        </Button>
      }
    />
  );
}
