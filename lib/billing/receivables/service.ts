import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { parseId } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readAgeing } from './reading.ts';
import { insertTerms, readTerms } from './store.ts';
import type { DueTerms, OrganisationAgeing, ReceivableRefusal } from './types.ts';

/** Who owes how much for how long, as of now. What is paid in full stands there too, with nothing open. */
export async function listAgeing(ctx: Ctx): Promise<OrganisationAgeing[]> {
  authorize(ctx, 'ledger:read');
  return withTx(ctx, (tx) => readAgeing(tx, null, ctx.now));
}

/** What one organisation owes, and every term that was set for it, newest first; null when it has no such account. */
export async function findAgeing(
  ctx: Ctx,
  organisationId: string,
): Promise<{ ageing: OrganisationAgeing; terms: DueTerms[] } | null> {
  authorize(ctx, 'ledger:read');
  const id = parseId('organisation', organisationId);
  if (id === null) return null;
  return withTx(ctx, async (tx) => {
    const [ageing] = await readAgeing(tx, id, ctx.now);
    return ageing ? { ageing, terms: ((await readTerms(tx, id)).get(id) ?? []).toReversed() } : null;
  });
}

/** Sets within how many days an organisation pays. Invoices that are issued keep the terms of their issue. */
export async function setDueTerms(
  ctx: Ctx,
  input: { readonly organisationId: string; readonly days: number; readonly reason: string },
): Promise<Result<null, ReceivableRefusal>> {
  authorize(ctx, 'receivable:manage');
  return withTx(ctx, async (tx) => {
    const organisationId = parseId('organisation', input.organisationId);
    const set = { by: actorLabel(ctx.actor), at: ctx.now };
    if (organisationId === null || !(await insertTerms(tx, input, set))) return refuse({ code: 'receivableUnknown' });
    const { days, reason } = input;
    await record(ctx, tx, 'receivable.setTerms', organisationId, { days, reason }, organisationId);
    return accept(null);
  });
}
