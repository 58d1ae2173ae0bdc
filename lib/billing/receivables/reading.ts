import 'server-only';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { byBandOf, dueAtOf, dueDaysAt, openItems } from './ageing.ts';
import { readDebtors, readOwed, readDueDays } from './store.ts';
import type { OpenItem, OrganisationAgeing, Owed } from './types.ts';

/** What organisations owe as of an instant, of one or with null of all. */
export async function readAgeing(
  tx: Tx,
  whose: Id<'organisation'> | null,
  now: Instant,
): Promise<OrganisationAgeing[]> {
  const terms = await readDueDays(tx, whose);
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

/** An open item that an invoice asks for. */
export type InvoicedItem = OpenItem & { readonly invoice: NonNullable<Owed['invoice']>; readonly dueAt: Instant };

/** What invoices on account ask of an organisation and nobody paid yet, the oldest first. */
export async function readInvoiced(tx: Tx, organisationId: Id<'organisation'>, now: Instant): Promise<InvoicedItem[]> {
  const [ageing] = await readAgeing(tx, organisationId, now);
  return (ageing?.items ?? []).flatMap(({ invoice, dueAt, ...item }) =>
    invoice === null || dueAt === null ? [] : [{ ...item, invoice, dueAt }],
  );
}
