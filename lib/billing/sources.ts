import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readInvoiceNumbers, readReservationNames } from './source-store.ts';

/** What a statement's ids are called. What is not the organisation's own has no name. */
export type SourceNames = {
  readonly reservations: ReadonlyMap<string, string>;
  readonly invoices: ReadonlyMap<string, string>;
};

/** The names of own reservations and the numbers of own invoices, for showing a wallet's statement. */
export async function nameSources(
  ctx: Ctx,
  ids: { readonly reservationIds: readonly string[]; readonly invoiceIds: readonly string[] },
): Promise<SourceNames> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, async (tx) => ({
    reservations: await readReservationNames(tx, organisationId, ids.reservationIds),
    invoices: await readInvoiceNumbers(tx, organisationId, ids.invoiceIds),
  }));
}
