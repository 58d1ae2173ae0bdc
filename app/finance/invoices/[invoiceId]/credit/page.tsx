import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { findCreditable } from '#lib/billing/credit-notes/reading.ts';
import { leftOf, sumOf } from '#lib/billing/credit-notes/split.ts';
import { CREDIT_REASONS } from '#lib/billing/credit-notes/types.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { creditAction } from './actions.ts';

type Props = { params: Promise<{ invoiceId: string }> };
type Creditable = NonNullable<Awaited<ReturnType<typeof findCreditable>>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('corrections'))('credit.formTitle') };
}

async function CreditForm({ creditable, itemOf }: { creditable: Creditable; itemOf: (line: number) => string }) {
  const t = await getTranslations('corrections');
  const { invoice, lines } = creditable;
  const left = sumOf(lines.map(leftOf)).grossFen;
  return (
    <ActionForm action={creditAction.bind(null, invoice.id)} initial={freshForm()} className="grid max-w-2xl gap-4">
      <SelectField
        name="reason"
        label={t('credit.reasonLabel')}
        options={CREDIT_REASONS.map((value) => ({ value, label: t(`credit.reasons.${value}`) }))}
      />
      <TextField
        name="reasonText"
        label={t('credit.reasonText')}
        hint={t('credit.reasonHint')}
        isOptional
        maxLength={200}
        autoComplete="off"
      />
      <SelectField
        name="scope"
        label={t('credit.scope')}
        defaultValue="lines"
        options={[
          { value: 'lines', label: t('credit.scopes.lines') },
          { value: 'rest', label: t('credit.scopes.rest', { amount: formatFen(left) }) },
        ]}
      />
      {lines.map((line) => (
        <TextField
          key={line.line}
          name={`line-${line.line}`}
          label={t('credit.lineLabel', { line: `${line.line}`, item: itemOf(line.line) })}
          hint={t('credit.lineHint', {
            whole: formatFen(line.whole.grossFen),
            left: formatFen(leftOf(line).grossFen),
          })}
          isOptional
          inputMode="decimal"
          autoComplete="off"
        />
      ))}
      <Alert kind="warn">{t('credit.fapiaoNote')}</Alert>
      <SubmitButton className="justify-self-start">{t('credit.submit')}</SubmitButton>
    </ActionForm>
  );
}

export default async function CreditPage({ params }: Props) {
  const ctx = await staffPage('creditNote:propose');
  const { invoiceId } = await params;
  const creditable = await findCreditable(ctx, invoiceId);
  const detail = creditable && (await findInvoice(ctx, invoiceId));
  if (!creditable || !detail) notFound();
  const [t, i] = [await getTranslations('corrections'), await getTranslations('invoices')];
  const { invoice, lines, isWaiting } = creditable;
  const isNothingLeft = sumOf(lines.map(leftOf)).grossFen === 0n;
  const itemOf = (number: number): string => {
    const line = detail.snapshot.lines.find((each) => each.line === number);
    return line ? `${line.model}, ${i(`detail.purchase.${line.purchase}`)}` : '';
  };
  return (
    <>
      <PageHeader
        title={t('credit.formTitle')}
        description={t('credit.formLead', { number: invoice.number, organisation: invoice.organisationName })}
        breadcrumbs={
          <Breadcrumbs
            label={t('credit.formTitle')}
            crumbs={[{ label: invoice.number, href: `/finance/invoices/${invoice.id}` }]}
          />
        }
      />
      <Panel>
        <p className="mb-4 max-w-2xl text-sm text-ink-2">{t('credit.formNote')}</p>
        {isWaiting && <Alert>{t('credit.waits')}</Alert>}
        {!isWaiting && isNothingLeft && <Alert>{t('credit.nothing')}</Alert>}
        {!isWaiting && !isNothingLeft && <CreditForm creditable={creditable} itemOf={itemOf} />}
      </Panel>
    </>
  );
}
