import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import {
  insertRefundPolicy,
  lockRefundPolicy,
  readRefundPolicies,
  writeRefundDecision,
} from './refund-policy-store.ts';
import {
  REFUND_DAYS_MAX,
  type RefundPolicy,
  type RefundPolicyInput,
  type RefundPolicyRefusal,
} from './refund-policy-types.ts';

/** The rule in force and what waits for a second person. */
export async function listRefundPolicies(
  ctx: Ctx,
): Promise<{ readonly inForce: RefundPolicy | null; readonly waiting: readonly RefundPolicy[] }> {
  authorize(ctx, 'refundRule:read');
  return withTx(ctx, async (tx) => {
    const [newest] = await readRefundPolicies(tx, { state: 'approved' });
    return { inForce: newest ?? null, waiting: await readRefundPolicies(tx, { state: 'proposed' }) };
  });
}

/** Proposes a rule; it holds for what is bought once somebody else has approved it. No days: none are refunded. */
export async function proposeRefundPolicy(
  ctx: Ctx,
  input: RefundPolicyInput,
): Promise<Result<RefundPolicy, RefundPolicyRefusal>> {
  authorize(ctx, 'refundRule:propose');
  const { windowDays } = input;
  const [terms, reason] = [[...new Set(input.terms)], input.reason.trim()];
  const isDays = Number.isSafeInteger(windowDays) && windowDays >= 0 && windowDays <= REFUND_DAYS_MAX;
  if (!isDays || terms.length === 0 || reason === '') return refuse({ code: 'refundPolicyOutOfRange' });
  return withTx(ctx, async (tx): Promise<Result<RefundPolicy, RefundPolicyRefusal>> => {
    await lockRefundPolicy(tx);
    if ((await readRefundPolicies(tx, { state: 'proposed' })).length > 0)
      return refuse({ code: 'refundPolicyWaiting' });
    const policy: RefundPolicy = {
      policyId: newId('termRefundPolicy', ctx.now),
      terms,
      windowDays,
      reason,
      state: 'proposed',
      proposedBy: actorLabel(ctx.actor),
      proposedAt: ctx.now,
      decidedBy: null,
      decidedAt: null,
    };
    await insertRefundPolicy(tx, policy);
    await record(ctx, tx, 'refundRule.propose', policy.policyId, { terms: terms.join(' '), windowDays, reason });
    return accept(policy);
  });
}

/** Approves or declines a proposal. An approval is by somebody else than who proposed. */
export async function decideRefundPolicy(
  ctx: Ctx,
  input: { readonly policyId: string; readonly isApproved: boolean },
): Promise<Result<null, RefundPolicyRefusal>> {
  authorize(ctx, 'refundRule:decide');
  const by = actorLabel(ctx.actor);
  return withTx(ctx, async (tx): Promise<Result<null, RefundPolicyRefusal>> => {
    await lockRefundPolicy(tx);
    const [policy] = await readRefundPolicies(tx, { id: input.policyId });
    if (!policy) return refuse({ code: 'refundPolicyUnknown' });
    if (policy.state !== 'proposed') return refuse({ code: 'refundPolicyDecided' });
    const { policyId } = policy;
    if (input.isApproved && policy.proposedBy === by) return refuse({ code: 'refundPolicySamePerson' });
    await writeRefundDecision(tx, policyId, { state: input.isApproved ? 'approved' : 'declined', by, at: ctx.now });
    await record(ctx, tx, input.isApproved ? 'refundRule.approve' : 'refundRule.decline', policyId, {});
    return accept(null);
  });
}
