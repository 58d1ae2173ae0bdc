import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { formatUnits } from '#components/format/money.ts';
import { Button } from '#components/ui/button.tsx';
import type { Units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** Pays an invoice on account from the wallet, with what is older: says what it takes before it does. */
export async function PayInvoice({
  number,
  amountUnits,
  availableUnits,
  action,
  initial,
}: {
  number: string;
  amountUnits: Units;
  availableUnits: Units;
  action: FormAction;
  initial: FormState;
}) {
  const t = await getTranslations('credit');
  const amount = formatUnits(amountUnits);
  return (
    <ConfirmDialog
      trigger={
        <Button variant="primary" size="sm">
          {t('pay.action')}
        </Button>
      }
      title={t('pay.title', { number })}
      text={t('pay.text', { amount, available: formatUnits(availableUnits) })}
      confirm={t('pay.confirm', { amount })}
      action={action}
      initial={initial}
    />
  );
}
