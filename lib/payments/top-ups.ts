import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Fen, fen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { post } from '#lib/ledger/posting.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import { environment } from '#lib/platform/environment.ts';
import { newCode, newId } from '#lib/platform/random.ts';
import { closePayment, insertPayment, lockPayment, readPayments } from './store.ts';
import { type Payment, type PaymentRefusal, TOP_UP_FEN_MAX } from './types.ts';

function checkAmount(amount: Fen): PaymentRefusal | null {
  return amount >= 1n && amount <= TOP_UP_FEN_MAX ? null : { code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` };
}

/** Announces a bank transfer and answers the code to write on it. Nothing is credited until finance matches it. */
export async function announceTransfer(ctx: Ctx, amountFen: Fen): Promise<Result<Payment, PaymentRefusal>> {
  const organisationId = authorizeTenant(ctx, 'payment:create');
  const refusal = checkAmount(amountFen);
  if (refusal) return refuse(refusal);
  const payment: Payment = {
    id: newId('payment', ctx.now),
    organisationId,
    method: 'bank-transfer',
    amountFen,
    state: 'open',
    remittanceCode: `KS-${newCode(2)}`,
    createdAt: ctx.now,
    settledAt: null,
    settledFen: null,
  };
  await withTx(ctx, async (tx) => {
    await insertPayment(tx, payment, actorLabel(ctx.actor));
    await record(ctx, tx, 'payment.announce', payment.id, { amountFen });
  });
  return accept(payment);
}

/** Takes an announced transfer back; money that arrives for it later stays with finance to be matched. */
export async function cancelTransfer(ctx: Ctx, paymentId: string): Promise<Result<null, PaymentRefusal>> {
  authorizeTenant(ctx, 'payment:create');
  return withTx(ctx, async (tx) => {
    const payment = await lockPayment(tx, paymentId);
    if (!payment) return refuse({ code: 'paymentUnknown' });
    if (payment.state !== 'open') return refuse({ code: 'paymentNotOpen', state: payment.state });
    await closePayment(tx, payment.id, 'cancelled');
    await record(ctx, tx, 'payment.cancel', payment.id, {});
    return accept(null);
  });
}

/** Pays in play money at once, where the sandbox is switched on. The payment and its journal are one transaction. */
export async function topUpInSandbox(ctx: Ctx, amountFen: Fen): Promise<Result<Payment, PaymentRefusal>> {
  const organisationId = authorizeTenant(ctx, 'payment:create');
  if (!environment().hasSandboxPayments) return refuse({ code: 'sandboxOff' });
  const refusal = checkAmount(amountFen);
  if (refusal) return refuse(refusal);
  const open: Payment = {
    id: newId('payment', ctx.now),
    organisationId,
    method: 'sandbox',
    amountFen,
    state: 'open',
    remittanceCode: null,
    createdAt: ctx.now,
    settledAt: null,
    settledFen: null,
  };
  const journal = topUpSettled(open.id, organisationId, 'sandbox', amountFen, ctx.now);
  await withTx(ctx, async (tx) => {
    await insertPayment(tx, open, actorLabel(ctx.actor));
    await post(ctx, tx, [journal]);
    await closePayment(tx, open.id, { settledFen: amountFen, journalKey: journal.key, at: ctx.now });
    await record(ctx, tx, 'payment.sandbox', open.id, { amountFen });
  });
  return accept({ ...open, state: 'settled', settledAt: ctx.now, settledFen: fen(amountFen) });
}

/** A page of payments: the organisation's own, or everybody's for finance. */
export async function listPayments(
  ctx: Ctx,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: Payment[]; total: number }> {
  authorize(ctx, 'payment:read');
  const organisationId = ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null;
  return withTx(ctx, (tx) => readPayments(tx, organisationId, page.skip, page.take));
}
