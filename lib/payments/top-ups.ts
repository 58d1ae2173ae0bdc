import 'server-only';
import { record } from '#lib/audit/record.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Fen, fen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { payArrears } from '#lib/ledger/arrears.ts';
import { post } from '#lib/ledger/posting.ts';
import { postAlone } from '#lib/ledger/posting-alone.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { environment } from '#lib/platform/environment.ts';
import { newCode, newId } from '#lib/platform/random.ts';
import { paymentIdOf } from './payment-id.ts';
import { closePayment, insertPayment, lockPayment, paymentRow, readPayment, readPayments } from './store.ts';
import { type Payment, type PaymentMethod, type PaymentRefusal, TOP_UP_FEN_MAX } from './types.ts';

/** More open transfers than anybody announces. */
const OPEN_SHOWN_MAX = 100;

function checkAmount(amount: Fen): PaymentRefusal | null {
  return amount >= 1n && amount <= TOP_UP_FEN_MAX ? null : { code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` };
}

/** A payment as it begins. With a key, the same submission again is the same payment. */
function newPayment(
  ctx: Ctx,
  organisationId: Id<'organisation'>,
  wish: { readonly method: PaymentMethod; readonly amountFen: Fen; readonly idempotencyKey: string },
): Payment {
  const { method, amountFen, idempotencyKey } = wish;
  return {
    id: idempotencyKey === '' ? newId('payment', ctx.now) : paymentIdOf(organisationId, idempotencyKey),
    organisationId,
    method,
    amountFen,
    state: 'open',
    remittanceCode: method === 'bank-transfer' ? `KS-${newCode(2)}` : null,
    createdAt: ctx.now,
    settledAt: null,
    settledFen: null,
  };
}

/** The payment that a repeated submission made; another wish under the same key is refused. */
async function findRepeated(tx: Tx, wish: Payment): Promise<Result<Payment, PaymentRefusal>> {
  const kept = present(await lockPayment(tx, wish.id), `payment ${wish.id}`);
  const isSame = kept.method === wish.method && kept.amountFen === wish.amountFen;
  return isSame ? accept(kept) : refuse({ code: 'idempotencyKeyReused' });
}

/** Announces a bank transfer and answers the code to write on it. Nothing is credited until finance matches it. */
export async function announceTransfer(
  ctx: Ctx,
  amountFen: Fen,
  idempotencyKey = '',
): Promise<Result<Payment, PaymentRefusal>> {
  const organisationId = authorizeTenant(ctx, 'payment:create');
  const refusal = checkAmount(amountFen);
  if (refusal) return refuse(refusal);
  const payment = newPayment(ctx, organisationId, { method: 'bank-transfer', amountFen, idempotencyKey });
  return withTx(ctx, async (tx) => {
    if (!(await insertPayment(tx, payment, actorLabel(ctx.actor)))) return findRepeated(tx, payment);
    await record(ctx, tx, 'payment.announce', payment.id, { amountFen });
    return accept(payment);
  });
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

/**
 * Pays in play money at once, where the sandbox is switched on. The payment and its journal are one transaction, which payments
 * of one moment share. What comes again, or first pays what is owed, takes a transaction of its own.
 */
export async function topUpInSandbox(
  ctx: Ctx,
  amountFen: Fen,
  idempotencyKey = '',
): Promise<Result<Payment, PaymentRefusal>> {
  const organisationId = authorizeTenant(ctx, 'payment:create');
  if (!environment().hasSandboxPayments) return refuse({ code: 'sandboxOff' });
  const refusal = checkAmount(amountFen);
  if (refusal) return refuse(refusal);
  const open = newPayment(ctx, organisationId, { method: 'sandbox', amountFen, idempotencyKey });
  const settled: Payment = { ...open, state: 'settled', settledAt: ctx.now, settledFen: fen(amountFen) };
  const journal = topUpSettled(open.id, organisationId, 'sandbox', amountFen, ctx.now);
  const act = { action: 'payment.sandbox', target: open.id, data: { amountFen } } as const;
  const row = paymentRow(settled, actorLabel(ctx.actor), journal.key);
  if (await postAlone(ctx, [journal], { of: 'payment', row, act })) return accept(settled);
  return withTx(ctx, async (tx) => {
    if (!(await insertPayment(tx, open, actorLabel(ctx.actor)))) return findRepeated(tx, open);
    await post(ctx, tx, [journal]);
    await payArrears(ctx, tx, organisationId);
    await closePayment(tx, open.id, { settledFen: amountFen, journalKey: journal.key, at: ctx.now });
    await record(ctx, tx, act.action, act.target, act.data);
    return accept(settled);
  });
}

/** A page of payments: the organisation's own, or everybody's for finance. */
export async function listPayments(
  ctx: Ctx,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: Payment[]; total: number }> {
  authorize(ctx, 'payment:read');
  const organisationId = ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null;
  return withTx(ctx, (tx) => readPayments(tx, { organisationId }, page.skip, page.take));
}

/** The own payments that have not arrived yet, newest first, at most {@link OPEN_SHOWN_MAX}. */
export async function listOpenPayments(ctx: Ctx): Promise<Payment[]> {
  const organisationId = authorizeTenant(ctx, 'payment:read');
  const { rows } = await withTx(ctx, (tx) => readPayments(tx, { organisationId, state: 'open' }, 0, OPEN_SHOWN_MAX));
  return rows;
}

/** One payment, the organisation's own or anybody's for finance; null when there is none of that id in sight. */
export async function findPayment(ctx: Ctx, paymentId: string): Promise<Payment | null> {
  authorize(ctx, 'payment:read');
  const organisationId = ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null;
  return withTx(ctx, (tx) => readPayment(tx, organisationId, paymentId));
}
