import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { sumUnits, type Units, units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { receivablePaid } from '#lib/ledger/credit-templates.ts';
import { ledgerRefusalOf, post } from '#lib/ledger/posting.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { withTx } from '#lib/platform/db.ts';
import { type InvoicedItem, readInvoiced } from './reading.ts';
import { countPayments, lockPaying } from './store.ts';

/** Why an invoice on account is not paid, in the order in which it is checked. */
export type PayingRefusal =
  | { readonly code: 'invoiceNotOwed' }
  | { readonly code: 'fundsInsufficient'; readonly neededUnits: string; readonly availableUnits: string };

/** What the actor's organisation is asked for on account and has not paid, the oldest invoice first. */
export async function listOwed(ctx: Ctx): Promise<InvoicedItem[]> {
  const organisationId = authorizeTenant(ctx, 'invoice:read');
  return withTx(ctx, (tx) => readInvoiced(tx, organisationId, ctx.now));
}

/** What paying an invoice takes: what is open of it, and of those before it, because receipts pay the oldest first. */
export function dueWith(items: readonly InvoicedItem[], invoiceId: string): Units | null {
  const last = items.findIndex(({ invoice }) => invoice.id === invoiceId);
  return last < 0 ? null : sumUnits(items.slice(0, last + 1).map(({ leftUnits }) => leftUnits));
}

/**
 * Pays an invoice on account out of the wallet, with every older one that is open. Payments of one organisation follow one
 * another, so that nothing is paid twice: who comes second is told that nothing is open.
 */
export async function payInvoice(
  ctx: Ctx,
  { invoiceId }: { readonly invoiceId: string },
): Promise<Result<{ readonly paidUnits: Units }, PayingRefusal>> {
  const organisationId = authorizeTenant(ctx, 'payment:create');
  const { spendableUnits } = await getWallet(ctx);
  const asked: { neededUnits: Units | null } = { neededUnits: null };
  try {
    return await withTx(ctx, async (tx) => {
      await lockPaying(tx, organisationId);
      const items = await readInvoiced(tx, organisationId, ctx.now);
      const item = items.find(({ invoice }) => invoice.id === invoiceId);
      const paidUnits = dueWith(items, invoiceId);
      if (!item || paidUnits === null) return refuse({ code: 'invoiceNotOwed' });
      asked.neededUnits = paidUnits;
      const { id } = item.invoice;
      const amounts = { open: paidUnits, disputed: units(0n) };
      const step = await countPayments(tx, id);
      await post(ctx, tx, [receivablePaid({ id, step, organisationId }, amounts, ctx.now)]);
      await record(ctx, tx, 'receivable.pay', id, { paidUnits }, organisationId);
      return accept({ paidUnits });
    });
  } catch (error) {
    const { neededUnits } = asked;
    if (neededUnits === null || ledgerRefusalOf(error)?.code !== 'insufficientFunds') throw error;
    return refuse({ code: 'fundsInsufficient', neededUnits: `${neededUnits}`, availableUnits: `${spendableUnits}` });
  }
}
