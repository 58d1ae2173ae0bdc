import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { byBandOf, dueAtOf, dueDaysAt, openItems } from './ageing.ts';
import { insertTerms, readDebtors, readOwed, readTerms } from './store.ts';
import type { DueTerms, OrganisationAgeing, Owed, ReceivableRefusal } from './types.ts';

async function readAgeing(tx: Tx, whose: Id<'organisation'> | null, now: Instant): Promise<OrganisationAgeing[]> {
  const terms = await readTerms(tx, whose);
  const owed = Map.groupBy(await readOwed(tx, whose), ({ organisationId }) => organisationId);
  return (await readDebtors(tx, whose)).map((debtor) => {
    const { organisationId, organisationName, disputedUnits } = debtor;
    const set = terms.get(organisationId) ?? [];
    const months = (owed.get(organisationId) ?? []).map(
      ({ month, amountUnits, invoice }): Owed => ({
        month,
        amountUnits,
        invoice,
        dueAt: invoice && dueAtOf(invoice.issuedAt, dueDaysAt(set, invoice.issuedAt)),
      }),
    );
    const items = openItems(months, debtor.receivedUnits, now);
    const openUnits = sumUnits(items.map(({ leftUnits }) => leftUnits));
    const dueDays = dueDaysAt(set, now);
    return { organisationId, organisationName, dueDays, items, byBand: byBandOf(items), openUnits, disputedUnits };
  });
}

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
