import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { Prisma, type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { beginCorrecting } from './correcting.ts';
import { reverse } from './corrections.ts';
import { findReversible, insertRequest, lockRequest, readRequests, writeDecision } from './reversal-store.ts';
import { REVERSED_BY_FINANCE, type ReversalRefusal, type ReversalRequest } from './reversal-types.ts';

const SHOWN_MAX = 100;

/**
 * Proposes that a journal be taken back. It is when somebody else has approved. Refuses, in this order: no such journal,
 * a kind that finance does not reverse, one that is reversed or has a proposal.
 */
export async function proposeReversal(
  ctx: Ctx,
  input: { readonly journalKey: string; readonly reason: string },
): Promise<Result<Id<'reversalRequest'>, ReversalRefusal>> {
  authorize(ctx, 'ledger:reverse');
  const { journalKey, reason } = input;
  return withTx(ctx, async (tx) => {
    const journal = await findReversible(tx, journalKey);
    if (!journal) return refuse({ code: 'journalUnknown' });
    const isOffered = journal.isReversible && REVERSED_BY_FINANCE.has(journal.kind);
    if (!isOffered) return refuse({ code: 'journalNotReversible' });
    const id = newId('reversalRequest', ctx.now);
    const request = { id, journalKey, reason, proposedBy: actorLabel(ctx.actor), proposedAt: ctx.now };
    if (journal.isReversed || !(await insertRequest(tx, request))) return refuse({ code: 'reversalWaiting' });
    await record(ctx, tx, 'reversal.propose', id, { journal: journalKey, reason });
    return accept(id);
  });
}

/**
 * The door of deciding, within the transaction of whoever keeps rows behind the journal: reverses it, in a reopened
 * month if it counts in one, or declines. Answers the proposal. A refusal of the ledger ends the transaction.
 */
export async function decideReversalWithin(
  ctx: Ctx,
  tx: Tx,
  input: { readonly requestId: string; readonly isApproved: boolean },
): Promise<Result<ReversalRequest, ReversalRefusal>> {
  authorize(ctx, 'reversal:decide');
  const request = await lockRequest(tx, input.requestId);
  if (!request) return refuse({ code: 'reversalUnknown' });
  if (request.state !== 'proposed') return refuse({ code: 'reversalDecided' });
  const { id, journalKey, reason, organisationId } = request;
  const by = actorLabel(ctx.actor);
  if (!input.isApproved) {
    await writeDecision(tx, id, { state: 'declined', by, at: ctx.now });
    await record(ctx, tx, 'reversal.decline', id, { journal: journalKey });
    return accept(request);
  }
  if (request.proposedBy === by) return refuse({ code: 'reversalSamePerson' });
  await beginCorrecting(tx);
  await writeDecision(tx, id, { state: 'approved', by, at: ctx.now });
  const { key } = await reverse(ctx, tx, journalKey, reason);
  await record(ctx, tx, 'reversal.approve', id, { journal: journalKey, reversal: key }, organisationId);
  return accept(request);
}

/** What was proposed and decided, what waits first; `isWaiting` keeps to that. */
export async function listReversals(ctx: Ctx, filter: { readonly isWaiting: boolean }): Promise<ReversalRequest[]> {
  authorize(ctx, 'ledger:read');
  const where = filter.isWaiting ? Prisma.sql`q.state = 'proposed'` : Prisma.sql`true`;
  return withTx(ctx, (tx) => readRequests(tx, where, SHOWN_MAX));
}

/** What was proposed about one journal, and whether finance may propose it now. */
export async function findReversalOf(
  ctx: Ctx,
  journalKey: string,
): Promise<{ requests: ReversalRequest[]; isOffered: boolean }> {
  authorize(ctx, 'ledger:read');
  return withTx(ctx, async (tx) => {
    const journal = await findReversible(tx, journalKey);
    const requests = await readRequests(tx, Prisma.sql`q.journal_key = ${journalKey}`, SHOWN_MAX);
    const isOpen = requests.every(({ state }) => state === 'declined');
    if (!journal || journal.isReversed) return { requests, isOffered: false };
    return { requests, isOffered: journal.isReversible && REVERSED_BY_FINANCE.has(journal.kind) && isOpen };
  });
}
