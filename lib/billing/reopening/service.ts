import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Month, parseMonth } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import {
  holdMonths,
  insertAsked,
  isClosed,
  isSealed,
  lockReopening,
  readCorrections,
  readReopenings,
  writeClosed,
  writeDecision,
} from './store.ts';
import type { Corrections, Reopening, ReopeningRefusal } from './types.ts';

/** Asks that a closed month be reopened for corrections. It is when somebody else has agreed. */
export async function askReopening(
  ctx: Ctx,
  input: { readonly month: string; readonly reason: string },
): Promise<Result<Id<'reopening'>, ReopeningRefusal>> {
  authorize(ctx, 'period:reopen');
  const month = parseMonth(input.month);
  return withTx(ctx, async (tx) => {
    if (month === null || !(await isClosed(tx, month))) return refuse({ code: 'reopenNotClosed' });
    const id = newId('reopening', ctx.now);
    const asked = { id, month, reason: input.reason, askedBy: actorLabel(ctx.actor), askedAt: ctx.now };
    if (!(await insertAsked(tx, asked))) return refuse({ code: 'reopenWaiting' });
    await record(ctx, tx, 'period.askReopening', month, { reopening: id, reason: input.reason });
    return accept(id);
  });
}

/**
 * Agrees to a reopening or declines it. Whoever asked cannot agree, and may take it back by declining. From then on
 * reversals of the month's journals and credit notes of its invoices count in it; nothing else does. Refuses, in this
 * order: unknown, decided before, the same person.
 */
export async function decideReopening(
  ctx: Ctx,
  input: { readonly reopeningId: string; readonly isApproved: boolean },
): Promise<Result<null, ReopeningRefusal>> {
  authorize(ctx, 'period:agree');
  return withTx(ctx, async (tx) => {
    await holdMonths(tx);
    const found = await lockReopening(tx, input.reopeningId);
    if (!found) return refuse({ code: 'reopenUnknown' });
    if (found.state !== 'asked') return refuse({ code: 'reopenDecided' });
    const by = actorLabel(ctx.actor);
    if (input.isApproved && found.askedBy === by) return refuse({ code: 'reopenSamePerson' });
    await writeDecision(tx, found.id, { state: input.isApproved ? 'agreed' : 'declined', by, at: ctx.now });
    const action = input.isApproved ? 'period.reopen' : 'period.declineReopening';
    await record(ctx, tx, action, found.month, { reopening: found.id });
    await notify(tx, 'kashi_change', ['usage']);
    return accept(null);
  });
}

/**
 * Closes a reopened month again. What counted in the meantime is kept beside it, and its files begin a new edition:
 * seals of before stay as they are.
 */
export async function closeAgain(ctx: Ctx, monthText: string): Promise<Result<Corrections, ReopeningRefusal>> {
  authorize(ctx, 'period:close');
  const month = parseMonth(monthText);
  if (month === null) return refuse({ code: 'reopenNotOpen' });
  return withTx(ctx, async (tx) => {
    await holdMonths(tx);
    const open = (await readReopenings(tx, { month })).find(({ state }) => state === 'agreed');
    if (!open || open.decidedAt === null) return refuse({ code: 'reopenNotOpen' });
    const corrections = await readCorrections(tx, month, open.decidedAt);
    await writeClosed(tx, open.id, { by: actorLabel(ctx.actor), at: ctx.now, corrections });
    await record(ctx, tx, 'period.closeAgain', month, { reopening: open.id, ...corrections });
    await notify(tx, 'kashi_change', ['usage']);
    return accept(corrections);
  });
}

/** Whether the files of a month are sealed when they are made: it is closed, and not reopened. A customer may know it. */
export async function isMonthSealed(ctx: Ctx, month: Month): Promise<boolean> {
  authorize(ctx, 'usage:read');
  return withTx(ctx, (tx) => isSealed(tx, month));
}

/** A reopening with what has counted so far, while it is open. */
async function withCorrections(tx: Tx, reopening: Reopening): Promise<Reopening> {
  const { state, month, decidedAt } = reopening;
  if (state !== 'agreed' || decidedAt === null) return reopening;
  return { ...reopening, corrections: await readCorrections(tx, month, decidedAt) };
}

/** The reopenings of a month, newest first, each with what it corrected. */
export async function listReopenings(ctx: Ctx, month: string): Promise<Reopening[]> {
  authorize(ctx, 'period:read');
  return withTx(ctx, async (tx) => {
    const found: Reopening[] = [];
    for (const reopening of await readReopenings(tx, { month })) found.push(await withCorrections(tx, reopening));
    return found;
  });
}

/** The reopenings that wait for their second person. */
export async function listAskedReopenings(ctx: Ctx): Promise<Reopening[]> {
  authorize(ctx, 'period:read');
  return withTx(ctx, (tx) => readReopenings(tx, { isWaiting: true }));
}
