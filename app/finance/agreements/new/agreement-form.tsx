'use client';

import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { TextAreaField } from '#components/form/text-area-field.tsx';
import type { Option } from '#components/ui/select.tsx';

/** Everything that is agreed, and why. */
export function AgreementForm({
  action,
  initial,
  skus,
}: {
  action: FormAction;
  initial: FormState;
  skus: readonly Option[];
}) {
  const t = useTranslations('agreements');
  const kinds = (['factor', 'fixed'] as const).map((value) => ({ value, label: t(`form.kinds.${value}`) }));
  return (
    <ActionForm action={action} initial={initial} className="grid gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField name="slug" label={t('form.slug')} hint={t('form.slugHint')} maxLength={64} autoComplete="off" />
        <SelectField
          name="skuId"
          label={t('form.sku')}
          hint={t('form.skuHint')}
          isOptional
          options={[{ value: '', label: t('allSkus') }, ...skus]}
        />
        <SelectField name="kind" label={t('form.kind')} options={kinds} defaultValue="factor" />
        <TextField
          name="value"
          label={t('form.value')}
          hint={t('form.valueHint')}
          inputMode="decimal"
          autoComplete="off"
        />
        <TextField name="validFrom" type="datetime-local" label={t('form.from')} hint={t('form.fromHint')} isOptional />
        <TextField name="validTo" type="datetime-local" label={t('form.to')} hint={t('form.toHint')} isOptional />
      </div>
      <TextField
        name="contractNumber"
        label={t('form.contract')}
        hint={t('form.contractHint')}
        maxLength={64}
        autoComplete="off"
      />
      <TextAreaField name="reason" label={t('form.reason')} hint={t('form.reasonHint')} />
      <SubmitButton className="justify-self-start">{t('form.submit')}</SubmitButton>
    </ActionForm>
  );
}
