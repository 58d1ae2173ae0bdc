'use client';

import { useTranslations } from 'use-intl/react';
import { ActionForm, useFormState } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import type { OpenInvoice, Title } from '#lib/fapiao/types.ts';

type Asked = { readonly id: string };

/** The invoices to tick; a refused form keeps what was ticked. */
function InvoiceChoice({ invoices }: { invoices: readonly OpenInvoice[] }) {
  const t = useTranslations('fapiao.request');
  const state = useFormState();
  const ticked = state?.status === 'refused' ? (state.values['invoiceIds'] ?? '').split(' ') : null;
  return (
    <fieldset key={state?.key}>
      <legend className="mb-1 text-sm font-medium">{t('invoices')}</legend>
      {invoices.map(({ id, number, month, grossFen, leftFen }) => (
        <Checkbox
          key={id}
          name="invoice"
          value={id}
          defaultChecked={ticked === null || ticked.includes(id)}
          label={<span className="num">{t('left', { number, left: formatFen(leftFen) })}</span>}
          hint={t('invoiceHint', { month, gross: formatFen(grossFen) })}
        />
      ))}
    </fieldset>
  );
}

/** Chooses invoices, a title and, where it is less than everything, an amount. */
export function RequestForm({
  invoices,
  titles,
  available,
  action,
  initial,
}: {
  invoices: readonly OpenInvoice[];
  titles: readonly Title[];
  available: string;
  action: FormAction<Asked>;
  initial: FormState<Asked>;
}) {
  const t = useTranslations('fapiao.request');
  const f = useTranslations('fapiao');
  return (
    <ActionForm action={action} initial={initial} className="grid max-w-xl gap-5">
      <InvoiceChoice invoices={invoices} />
      <SelectField
        name="titleId"
        label={t('titleField')}
        options={titles.map(({ id, name, fapiaoType }) => ({
          value: id,
          label: `${name} · ${f(`type.${fapiaoType}`)}`,
        }))}
      />
      <TextField
        name="amountYuan"
        label={t('amount')}
        hint={`${t('amountHint')} ${t('available', { amount: available })}`}
        inputMode="decimal"
        autoComplete="off"
        maxLength={24}
        isOptional
      />
      <TextField
        name="remark"
        label={t('remark')}
        hint={t('remarkHint')}
        maxLength={200}
        autoComplete="off"
        isOptional
      />
      <SubmitButton className="justify-self-start">{t('submit')}</SubmitButton>
    </ActionForm>
  );
}
