import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readSkus } from '#lib/catalog/price-list.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { monthOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { isTable } from './policy.ts';
import { hasProposal, insertPolicy, lockPolicy, readPolicies, writeDecision } from './policy-store.ts';
import type { SlaPolicy, SlaRefusal } from './types.ts';

/** Every published table, those of past and coming months too, the newest month first. Anybody may read them. */
export async function listPolicies(ctx: Ctx): Promise<SlaPolicy[]> {
  authorize(ctx, 'catalog:read');
  return withTx(ctx, (tx) => readPolicies(tx, { state: 'approved' }));
}

/** What is proposed and waits for somebody else. */
export async function listProposals(ctx: Ctx): Promise<SlaPolicy[]> {
  authorize(ctx, 'sla:read');
  return withTx(ctx, (tx) => readPolicies(tx, { state: 'proposed' }));
}

/**
 * Proposes a table from a coming month on, for one SKU or (null) for every SKU without its own. It counts when somebody
 * else has approved it before that month begins.
 */
export async function proposePolicy(
  ctx: Ctx,
  input: Pick<SlaPolicy, 'skuId' | 'validFrom' | 'tiers' | 'reason'>,
): Promise<Result<SlaPolicy, SlaRefusal>> {
  authorize(ctx, 'sla:propose');
  const { skuId, validFrom, tiers } = input;
  const reason = input.reason.trim();
  if (!isTable(tiers) || reason === '') return refuse({ code: 'slaTiersWrong' });
  if (validFrom <= monthOf(ctx.now)) return refuse({ code: 'slaMonthBegun' });
  return withTx(ctx, async (tx): Promise<Result<SlaPolicy, SlaRefusal>> => {
    if (skuId !== null && !(await readSkus(tx, ctx.now)).some(({ id }) => id === skuId))
      return refuse({ code: 'slaSkuUnknown' });
    await lockPolicy(tx, skuId);
    if (await hasProposal(tx, skuId)) return refuse({ code: 'slaWaiting' });
    const policy: SlaPolicy = {
      id: newId('slaPolicy', ctx.now),
      skuId,
      validFrom,
      tiers,
      reason,
      state: 'proposed',
      proposedBy: actorLabel(ctx.actor),
      proposedAt: ctx.now,
      decidedBy: null,
      decidedAt: null,
    };
    await insertPolicy(tx, policy);
    await record(ctx, tx, 'sla.proposePolicy', policy.id, { skuId, validFrom, tiers: JSON.stringify(tiers), reason });
    return accept(policy);
  });
}

/** Approves or declines a proposal. An approval is by somebody else than who proposed, before the month begins. */
export async function decidePolicy(
  ctx: Ctx,
  input: { readonly policyId: string; readonly isApproved: boolean },
): Promise<Result<null, SlaRefusal>> {
  authorize(ctx, 'sla:decide');
  const by = actorLabel(ctx.actor);
  return withTx(ctx, async (tx): Promise<Result<null, SlaRefusal>> => {
    const [found] = await readPolicies(tx, { id: input.policyId });
    if (!found) return refuse({ code: 'slaUnknown' });
    await lockPolicy(tx, found.skuId);
    const [policy] = await readPolicies(tx, { id: input.policyId });
    if (policy?.state !== 'proposed') return refuse({ code: 'slaDecided' });
    if (input.isApproved && policy.proposedBy === by) return refuse({ code: 'slaSamePerson' });
    if (input.isApproved && policy.validFrom <= monthOf(ctx.now)) return refuse({ code: 'slaMonthBegun' });
    await writeDecision(tx, policy, { state: input.isApproved ? 'approved' : 'declined', by, at: ctx.now });
    await record(ctx, tx, input.isApproved ? 'sla.approvePolicy' : 'sla.declinePolicy', policy.id, {});
    return accept(null);
  });
}
