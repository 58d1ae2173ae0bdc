import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { UNITS_PER_YUAN, type Units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { decideProposal, findChange, insertProposal, readChanges, readWaiting } from './line-store.ts';
import type { CreditLineAccount, CreditLineChange, CreditLineRefusal } from './credit-line-types.ts';

/** The largest line that can be proposed; an amount of money in the database goes to nine times as much. */
const LIMIT_MAX = 10_000_000_000n * UNITS_PER_YUAN;

const REFUSALS = {
  unknown: 'creditLineUnknown',
  decided: 'creditLineDecided',
  samePerson: 'creditLineSamePerson',
  inUse: 'creditLineInUse',
} as const satisfies Record<string, CreditLineRefusal['code']>;

/** Proposes a limit for an organisation's line, with a reason. It counts when somebody else has approved it. */
export async function proposeCreditLine(
  ctx: Ctx,
  input: {
    readonly organisationId: Id<'organisation'>;
    readonly account: CreditLineAccount;
    readonly limitUnits: Units;
    readonly reason: string;
  },
): Promise<Result<CreditLineChange, CreditLineRefusal>> {
  authorize(ctx, 'creditLine:propose');
  const { organisationId, account, limitUnits } = input;
  const reason = input.reason.trim();
  if (limitUnits < 0n || limitUnits > LIMIT_MAX || reason === '') return refuse({ code: 'creditLimitOutOfRange' });
  const id = newId('creditLine', ctx.now);
  const by = actorLabel(ctx.actor);
  const proposed = { proposedBy: by, proposedAt: ctx.now, decidedBy: null, decidedAt: null } as const;
  const change: CreditLineChange = { id, organisationId, account, limitUnits, reason, state: 'proposed', ...proposed };
  return withTx(ctx, async (tx) => {
    if (!(await insertProposal(tx, change))) return refuse({ code: 'creditLineWaiting' });
    await record(ctx, tx, 'creditLine.propose', id, { account, limitUnits, reason }, organisationId);
    return accept(change);
  });
}

/**
 * Approves or declines a proposal. An approval is by somebody else than who proposed, and is refused while more is in
 * use than the new limit allows: checked under the lock of the account, so that no spending slips in between.
 */
export async function decideCreditLine(
  ctx: Ctx,
  input: { readonly creditLineId: string; readonly isApproved: boolean },
): Promise<Result<CreditLineChange, CreditLineRefusal>> {
  authorize(ctx, 'creditLine:decide');
  return withTx(ctx, async (tx) => {
    const change = await findChange(tx, input.creditLineId);
    if (!change) return refuse({ code: 'creditLineUnknown' });
    const decidedBy = actorLabel(ctx.actor);
    const outcome = await decideProposal(tx, change, { isApproved: input.isApproved, by: decidedBy, at: ctx.now });
    if (outcome !== 'approved' && outcome !== 'declined') return refuse({ code: REFUSALS[outcome] });
    const { id, account, limitUnits, organisationId } = change;
    const action = outcome === 'approved' ? 'creditLine.approve' : 'creditLine.decline';
    await record(ctx, tx, action, id, { account, limitUnits }, organisationId);
    return accept({ ...change, state: outcome, decidedBy, decidedAt: ctx.now });
  });
}

/** The proposals that wait for their second person, the oldest first. */
export async function listWaitingLines(ctx: Ctx): Promise<CreditLineChange[]> {
  authorize(ctx, 'creditLine:read');
  return withTx(ctx, readWaiting);
}

/** What was proposed and decided about an organisation's lines, newest first. */
export async function listCreditLineChanges(ctx: Ctx, organisationId: Id<'organisation'>): Promise<CreditLineChange[]> {
  authorize(ctx, 'creditLine:read');
  return withTx(ctx, (tx) => readChanges(tx, organisationId));
}
