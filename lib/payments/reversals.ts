import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { ledgerRefusalOf } from '#lib/ledger/posting.ts';
import type { ReversalRefusal } from '#lib/ledger/reversal-types.ts';
import { decideReversalWithin } from '#lib/ledger/reversals.ts';
import { withTx } from '#lib/platform/db.ts';
import { reopenMatch } from './reversed-store.ts';

/**
 * Approves or declines a proposed reversal. A match that is taken back leaves its bank line waiting again. Refuses, in
 * this order: unknown, decided before, the same person, then as the ledger does: for one, what was given is spent.
 */
export async function decideReversal(
  ctx: Ctx,
  input: { readonly requestId: string; readonly isApproved: boolean },
): Promise<Result<null, ReversalRefusal>> {
  authorize(ctx, 'reversal:decide');
  try {
    return await withTx(ctx, async (tx) => {
      const decided = await decideReversalWithin(ctx, tx, input);
      if (!decided.ok) return decided;
      const { journalKind, journalKey } = decided.value;
      if (input.isApproved && journalKind === 'transferMatched') await reopenMatch(tx, journalKey);
      return accept(null);
    });
  } catch (error) {
    const refusal = ledgerRefusalOf(error);
    if (refusal) return refuse(refusal);
    throw error;
  }
}
