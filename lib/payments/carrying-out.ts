import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { payArrears } from '#lib/ledger/arrears.ts';
import { post } from '#lib/ledger/posting.ts';
import { refundFailed, refundPaid } from '#lib/ledger/refund-templates.ts';
import type { NoticeKind } from '#lib/notices/types.ts';
import { tell } from '#lib/notices/writing.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { hasReference, lockRefund, readRefunds, type RefundEnd, writeApproval, writeEnd } from './refund-store.ts';
import {
  REFUND_ALONE_FEN_MAX,
  REFUND_CAN,
  type RefundAct,
  type RefundRefusal,
  type RefundRequest,
  type RefundState,
} from './refund-types.ts';

type Done = Result<null, RefundRefusal>;

/** A page of everybody's refunds, newest first. */
export async function listRefunds(
  ctx: Ctx,
  states: readonly RefundState[],
  page: { readonly skip: number; readonly take: number },
) {
  authorize(ctx, 'refund:read');
  return withTx(ctx, (tx) => readRefunds(tx, { states }, page));
}

/** The request, locked, when the act is allowed in its state. */
async function found(tx: Tx, refundId: string, act: RefundAct): Promise<Result<RefundRequest, RefundRefusal>> {
  const refund = await lockRefund(tx, refundId);
  if (!refund) return refuse({ code: 'refundUnknown' });
  const allowed: readonly string[] = REFUND_CAN[act];
  return allowed.includes(refund.state) ? accept(refund) : refuse({ code: 'refundNotInState', state: refund.state });
}

const of = ({ id, organisationId, amountFen }: RefundRequest) => ({ id, organisationId, amount: amountFen });

async function tellOf(
  ctx: Ctx,
  tx: Tx,
  kind: NoticeKind,
  refund: RefundRequest,
  end: Partial<RefundEnd>,
): Promise<void> {
  const { id, organisationId, amountFen, payee, route } = refund;
  const to = payee === null ? route : `${payee.name} ${payee.bank} ${payee.account.slice(-4)}`;
  const more = { reason: end.reason ?? null, reference: end.bankReference ?? null };
  const data = { amountUnits: `${fenToUnits(amountFen)}`, to, ...more };
  await tell(ctx, tx, [{ organisationId, kind, sourceKey: `${kind}:${id}`, data }]);
}

/** Ends a request that does not go out: the money is back in the wallet, and pays first what is owed. */
async function takeBack(
  ctx: Ctx,
  tx: Tx,
  refund: RefundRequest,
  state: 'failed' | 'declined' | 'withdrawn',
  reason: string | null,
): Promise<Done> {
  await post(ctx, tx, [refundFailed(of(refund), ctx.now)]);
  await payArrears(ctx, tx, refund.organisationId);
  const end = { state, by: actorLabel(ctx.actor), at: ctx.now, bankReference: null, reason };
  await writeEnd(tx, refund.id, end);
  if (state !== 'withdrawn') await tellOf(ctx, tx, state === 'failed' ? 'refundFailed' : 'refundDeclined', refund, end);
  const { organisationId, amountFen } = refund;
  const action = state === 'failed' ? 'refund.fail' : state === 'declined' ? 'refund.decline' : 'refund.withdraw';
  await record(ctx, tx, action, refund.id, { amountFen, reason }, organisationId);
  return accept(null);
}

/** Approves a request, or declines it with a reason, which gives the money back to the wallet. */
export async function decideRefund(
  ctx: Ctx,
  input: { readonly refundId: string; readonly isApproved: boolean; readonly reason: string },
): Promise<Done> {
  authorize(ctx, 'refund:carryOut');
  return withTx(ctx, async (tx): Promise<Done> => {
    const refund = await found(tx, input.refundId, input.isApproved ? 'approve' : 'decline');
    if (!refund.ok) return refund;
    const { id, organisationId, amountFen } = refund.value;
    if (!input.isApproved)
      return input.reason === ''
        ? refuse({ code: 'refundReasonMissing' })
        : takeBack(ctx, tx, refund.value, 'declined', input.reason);
    await writeApproval(tx, id, actorLabel(ctx.actor), ctx.now);
    await tellOf(ctx, tx, 'refundApproved', refund.value, {});
    await record(ctx, tx, 'refund.approve', id, { amountFen }, organisationId);
    return accept(null);
  });
}

/**
 * Records that the bank (or the provider) paid an approved refund, by its own number. Above
 * {@link REFUND_ALONE_FEN_MAX} whoever pays is not who approved.
 */
export async function payRefund(
  ctx: Ctx,
  input: { readonly refundId: string; readonly bankReference: string },
): Promise<Done> {
  authorize(ctx, 'refund:carryOut');
  const by = actorLabel(ctx.actor);
  return withTx(ctx, async (tx): Promise<Done> => {
    const refund = await found(tx, input.refundId, 'pay');
    if (!refund.ok) return refund;
    const { id, organisationId, amountFen, route, approvedBy } = refund.value;
    if (amountFen > REFUND_ALONE_FEN_MAX && approvedBy === by) return refuse({ code: 'refundSamePerson' });
    if (await hasReference(tx, input.bankReference)) return refuse({ code: 'refundReferenceUsed' });
    await post(ctx, tx, [refundPaid(of(refund.value), route === 'bank' ? null : route, ctx.now)]);
    const end = { state: 'paid', by, at: ctx.now, bankReference: input.bankReference, reason: null } as const;
    await writeEnd(tx, id, end);
    await tellOf(ctx, tx, 'refundPaid', refund.value, end);
    await record(ctx, tx, 'refund.pay', id, { amountFen, bankReference: input.bankReference }, organisationId);
    return accept(null);
  });
}

/** Records that an approved refund did not arrive: the money is back in the wallet, and the customer is told why. */
export async function failRefund(
  ctx: Ctx,
  input: { readonly refundId: string; readonly reason: string },
): Promise<Done> {
  authorize(ctx, 'refund:carryOut');
  return withTx(ctx, async (tx): Promise<Done> => {
    const refund = await found(tx, input.refundId, 'fail');
    if (!refund.ok) return refund;
    if (input.reason === '') return refuse({ code: 'refundReasonMissing' });
    return takeBack(ctx, tx, refund.value, 'failed', input.reason);
  });
}

/** Takes the own request back while nobody has decided it. */
export async function withdrawRefund(ctx: Ctx, refundId: string): Promise<Done> {
  authorizeTenant(ctx, 'refund:request');
  return withTx(ctx, async (tx): Promise<Done> => {
    const refund = await found(tx, refundId, 'withdraw');
    return refund.ok ? takeBack(ctx, tx, refund.value, 'withdrawn', null) : refund;
  });
}
