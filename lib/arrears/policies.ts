import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { isForOnePerson, isInRange } from './policy-rules.ts';
import { hasProposal, insertPolicy, lockPolicy, readPolicies, replaceInForce, writeDecision } from './policy-store.ts';
import { readOrganisations, readTerms } from './store.ts';
import type { ArrearsPolicy, ArrearsRefusal, ArrearsTerms } from './types.ts';

/** A policy that waits, with whose it is; null is the operator's. */
export type WaitingPolicy = { readonly policy: ArrearsPolicy; readonly organisationName: string | null };

/** The operator's terms in force, and what waits for a decision. */
export async function listPolicies(
  ctx: Ctx,
): Promise<{ readonly operator: ArrearsTerms; readonly waiting: readonly WaitingPolicy[] }> {
  authorize(ctx, 'arrears:read');
  return withTx(ctx, async (tx) => {
    const waiting = await readPolicies(tx, { state: 'proposed' });
    const ids = waiting.flatMap(({ organisationId }) => (organisationId === null ? [] : [organisationId]));
    const names = new Map<string, string>((await readOrganisations(tx, ids)).map(({ id, name }) => [id, name]));
    return {
      operator: present((await readTerms(tx, [])).get(''), 'the operator’s policy'),
      waiting: waiting.map((policy) => ({
        policy,
        organisationName:
          policy.organisationId === null ? null : (names.get(policy.organisationId) ?? policy.organisationId),
      })),
    };
  });
}

/** The actor that stands for the rule by which one person's change counts at once. */
const BY_RULE = 'system:arrears';

/**
 * Proposes terms, for one organisation or (null) for everybody without its own. They count when somebody else has
 * approved them; more grace for one organisation, up to the limit, counts at once. What was announced stays: a stop only
 * moves later, a release keeps its date.
 */
export async function proposePolicy(
  ctx: Ctx,
  input: ArrearsTerms & { readonly organisationId: Id<'organisation'> | null; readonly reason: string },
): Promise<Result<ArrearsPolicy, ArrearsRefusal>> {
  authorize(ctx, 'arrears:propose');
  const { organisationId, firstWarningHours, lastWarningHours, graceSeconds, retentionDays } = input;
  const terms: ArrearsTerms = { firstWarningHours, lastWarningHours, graceSeconds, retentionDays };
  const reason = input.reason.trim();
  if (!isInRange(terms) || reason === '') return refuse({ code: 'policyOutOfRange' });
  return withTx(ctx, async (tx): Promise<Result<ArrearsPolicy, ArrearsRefusal>> => {
    await lockPolicy(tx, organisationId);
    if (await hasProposal(tx, organisationId)) return refuse({ code: 'policyWaiting' });
    const known = await readTerms(tx, organisationId === null ? [] : [organisationId]);
    const inForce = present(known.get(organisationId ?? '') ?? known.get(''), 'the operator’s policy');
    const isDecided = organisationId !== null && isForOnePerson(terms, inForce);
    const policy: ArrearsPolicy = {
      ...terms,
      id: newId('arrearsPolicy', ctx.now),
      organisationId,
      reason,
      state: isDecided ? 'approved' : 'proposed',
      proposedBy: actorLabel(ctx.actor),
      proposedAt: ctx.now,
      decidedBy: isDecided ? BY_RULE : null,
      decidedAt: isDecided ? ctx.now : null,
    };
    if (isDecided) await replaceInForce(tx, organisationId);
    await insertPolicy(tx, policy);
    await record(
      ctx,
      tx,
      isDecided ? 'arrears.moreGrace' : 'arrears.proposePolicy',
      policy.id,
      { ...terms, reason },
      organisationId,
    );
    return accept(policy);
  });
}

/** Approves or declines a proposal. An approval is by somebody else than who proposed. */
export async function decidePolicy(
  ctx: Ctx,
  input: { readonly policyId: string; readonly isApproved: boolean },
): Promise<Result<null, ArrearsRefusal>> {
  authorize(ctx, 'arrears:decide');
  const by = actorLabel(ctx.actor);
  return withTx(ctx, async (tx): Promise<Result<null, ArrearsRefusal>> => {
    const [found] = await readPolicies(tx, { id: input.policyId });
    if (!found) return refuse({ code: 'policyUnknown' });
    await lockPolicy(tx, found.organisationId);
    const [policy] = await readPolicies(tx, { id: input.policyId });
    if (policy?.state !== 'proposed') return refuse({ code: 'policyDecided' });
    const { id, organisationId } = policy;
    if (input.isApproved && policy.proposedBy === by) return refuse({ code: 'policySamePerson' });
    if (input.isApproved) await replaceInForce(tx, organisationId);
    await writeDecision(tx, id, { state: input.isApproved ? 'approved' : 'declined', by, at: ctx.now });
    const action = input.isApproved ? 'arrears.approvePolicy' : 'arrears.declinePolicy';
    await record(ctx, tx, action, id, {}, organisationId);
    return accept(null);
  });
}
