import type { Deduction } from '#lib/vouchers/types.ts';
import type { InvoiceSnapshot } from './types.ts';

/** The vouchers of an invoice as its snapshot names them, in the order of their ids; nothing without any. */
export function vouchersOf(deductions: readonly Deduction[]): Pick<InvoiceSnapshot, 'vouchers'> {
  if (deductions.length === 0) return {};
  const byGrant = [...Map.groupBy(deductions, ({ grantId }) => grantId)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    vouchers: byGrant.flatMap(([id, group]) => {
      const [first] = group;
      if (!first) return [];
      const paid = group.reduce((sum, { amountUnits }) => sum + amountUnits, 0n);
      return [{ id, name: first.programmeName, issuer: first.issuerName, units: `${paid}` }];
    }),
  };
}
