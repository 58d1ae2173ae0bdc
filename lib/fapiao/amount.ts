import { type Fen, fen, parseFen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { FapiaoRefusal } from './types.ts';

/** An amount as it was typed, `1,234.50`; empty means everything, null. */
export function readWish(amountYuan: string): Result<Fen | null, FapiaoRefusal> {
  if (amountYuan === '') return accept(null);
  const text = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(amountYuan) ? amountYuan.replaceAll(',', '') : amountYuan;
  const amount = parseFen(text);
  return amount === null || amount < 1n ? refuse({ code: 'fapiaoAmountUnreadable' }) : accept(amount);
}

/**
 * What a request comes to: what was wished for, or everything that both the chosen invoices and the organisation's
 * account leave. Refuses, in this order: nothing left, more than the invoices leave, more than the account leaves.
 */
export function decideAmount(
  wishFen: Fen | null,
  left: { readonly invoicesFen: Fen; readonly availableFen: Fen },
): Result<Fen, FapiaoRefusal> {
  const mostFen = fen(left.invoicesFen < left.availableFen ? left.invoicesFen : left.availableFen);
  if (mostFen < 1n) return refuse({ code: 'fapiaoNothingLeft' });
  if (wishFen === null) return accept(mostFen);
  if (wishFen > left.invoicesFen) return refuse({ code: 'fapiaoOverInvoices', leftFen: `${left.invoicesFen}` });
  if (wishFen > left.availableFen) return refuse({ code: 'fapiaoOverAvailable', availableFen: `${left.availableFen}` });
  return accept(wishFen);
}
