import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Refundable } from '#lib/payments/refund-types.ts';
import type { RefundInquiry } from '#lib/payments/refunds.ts';
import { askAction } from './actions.ts';

/** One route by which money came: how much of it can go back, and the form that asks for it. */
async function RouteForm({
  orgSlug,
  route,
  payers,
}: {
  orgSlug: string;
  route: Refundable;
  payers: readonly string[];
}) {
  const t = await getTranslations('refunds');
  const isBank = route.route === 'bank';
  return (
    <ActionForm action={askAction.bind(null, orgSlug)} initial={freshForm()} className="grid gap-4 sm:grid-cols-2">
      <p className="text-sm sm:col-span-2">
        {t(`route.${route.route}`)}: <span className="num font-medium">{formatFen(route.amountFen)}</span>
      </p>
      <input type="hidden" name="route" value={route.route} />
      <TextField name="amountYuan" label={t('amount')} inputMode="decimal" autoComplete="off" />
      {isBank && (
        <>
          <SelectField
            name="name"
            label={t('payee')}
            hint={t('payeeHint')}
            options={payers.map((name) => ({ value: name, label: name }))}
          />
          <TextField name="bank" label={t('bank')} autoComplete="off" maxLength={100} />
          <TextField name="account" label={t('account')} inputMode="numeric" autoComplete="off" maxLength={40} />
        </>
      )}
      <TextField name="reason" label={t('reason')} autoComplete="off" maxLength={200} />
      <SubmitButton className="justify-self-start sm:col-span-2">{t('submit')}</SubmitButton>
    </ActionForm>
  );
}

/** The inquiry, with its rule, and the request. */
export async function AskPanel({ orgSlug, inquiry }: { orgSlug: string; inquiry: RefundInquiry }) {
  const t = await getTranslations('refunds');
  const open = inquiry.refundable.filter(({ amountFen }) => amountFen > 0n);
  return (
    <Panel title={t('inquiry')} description={t('askLead')} className="mb-6">
      <p className="mb-4 text-sm text-ink-2">{t('rule')}</p>
      {open.length === 0 && <p className="text-sm">{t('none')}</p>}
      <div className="grid max-w-3xl gap-8">
        {open.map((route) => (
          <RouteForm key={route.route} orgSlug={orgSlug} route={route} payers={inquiry.payers} />
        ))}
      </div>
    </Panel>
  );
}
