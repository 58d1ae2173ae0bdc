import { freshForm } from '#app/_edge/fresh-form.ts';
import { PayInvoice } from '#components/billing/pay-invoice.tsx';
import { formatDate } from '#components/format/instant.ts';
import { Badge } from '#components/ui/badge.tsx';
import { dueWith } from '#lib/billing/receivables/paying.ts';
import type { InvoicedItem } from '#lib/billing/receivables/reading.ts';
import type { InvoiceSnapshot } from '#lib/billing/types.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { payInvoiceAction } from '../../wallet/actions.ts';

/** Whether an invoice is paid: from the wallet as it was used, or on account and when it is due. */
export async function PaymentState({ snapshot, item }: { snapshot: InvoiceSnapshot; item: InvoicedItem | null }) {
  const [t, i] = [await getTranslations('credit'), await getTranslations('invoices')];
  if (item !== null) {
    const on = formatDate(item.dueAt);
    return item.daysLate > 0 ? (
      <Badge tone="danger">{t('invoice.overdue', { on })}</Badge>
    ) : (
      <Badge tone="warn">{t('invoice.owed', { on })}</Badge>
    );
  }
  return <Badge tone="ok">{snapshot.account ? t('invoice.settled') : i('paid')}</Badge>;
}

/** The button that pays what is open of it; only for who may pay. */
export async function PayOwed({
  ctx,
  orgSlug,
  item,
  items,
}: {
  ctx: TenantCtx;
  orgSlug: string;
  item: InvoicedItem;
  items: readonly InvoicedItem[];
}) {
  const amountUnits = dueWith(items, item.invoice.id);
  if (amountUnits === null || !isPermitted(ctx.actor, 'payment:create')) return null;
  const { spendableUnits } = await getWallet(ctx);
  return (
    <PayInvoice
      number={item.invoice.number}
      amountUnits={amountUnits}
      availableUnits={spendableUnits}
      action={payInvoiceAction.bind(null, orgSlug, item.invoice.id)}
      initial={freshForm()}
    />
  );
}
