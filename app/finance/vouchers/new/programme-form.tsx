'use client';

import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { TextAreaField } from '#components/form/text-area-field.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { PURCHASES } from '#lib/catalog/types.ts';
import { ISSUER_KINDS } from '#lib/vouchers/types.ts';

type Option = readonly [id: string, name: string];

/** Boxes of one kind of scope; none ticked means all. */
function Choices({ legend, prefix, options }: { legend: string; prefix: string; options: readonly Option[] }) {
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">{legend}</legend>
      {options.map(([id, name]) => (
        <Checkbox key={id} name={`${prefix}${id}`} label={name} />
      ))}
    </fieldset>
  );
}

/** From when to when, in Beijing. */
function Validity({ from, until }: { from: string; until: string }) {
  const t = useTranslations('vouchers.form');
  const fields = [
    { name: 'validFrom', label: t('validFrom'), defaultValue: from },
    { name: 'validUntil', label: t('validUntil'), defaultValue: until },
  ];
  return fields.map((field) => <TextField key={field.name} type="datetime-local" hint={t('time')} {...field} />);
}

/** Everything that a programme says. */
export function ProgrammeForm({
  action,
  initial,
  sites,
  models,
  validFrom,
  validUntil,
}: {
  action: FormAction<string>;
  initial: FormState<string>;
  sites: readonly Option[];
  models: readonly Option[];
  validFrom: string;
  validUntil: string;
}) {
  const t = useTranslations('vouchers');
  return (
    <ActionForm action={action} initial={initial} className="grid gap-5">
      <TextField name="name" label={t('form.name')} maxLength={80} autoComplete="off" />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="issuerKind"
          label={t('form.issuerKind')}
          options={ISSUER_KINDS.map((value) => ({ value, label: t(`issuer.${value}`) }))}
          defaultValue="operator"
        />
        <TextField name="issuerName" label={t('form.issuerName')} maxLength={80} autoComplete="off" />
        <TextField name="faceYuan" label={t('form.face')} inputMode="decimal" autoComplete="off" />
        <TextField
          name="budgetYuan"
          label={t('form.budget')}
          hint={t('form.budgetHint')}
          inputMode="decimal"
          autoComplete="off"
        />
        <Validity from={validFrom} until={validUntil} />
        <TextField
          name="priority"
          label={t('form.priority')}
          hint={t('form.priorityHint')}
          inputMode="numeric"
          autoComplete="off"
          defaultValue="50"
        />
      </div>
      <TextAreaField name="terms" label={t('form.terms')} hint={t('form.termsHint')} />
      <div>
        <p className="mb-2 text-xs text-ink-3">{t('form.scopeHint')}</p>
        <div className="grid gap-5 sm:grid-cols-3">
          <Choices legend={t('form.sites')} prefix="site:" options={sites} />
          <Choices legend={t('form.models')} prefix="model:" options={models} />
          <Choices
            legend={t('form.ways')}
            prefix="way:"
            options={PURCHASES.map((purchase) => [purchase, t(`way.${purchase}`)])}
          />
        </div>
      </div>
      <SubmitButton className="justify-self-start">{t('form.submit')}</SubmitButton>
    </ActionForm>
  );
}
