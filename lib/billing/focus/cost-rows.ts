import type { CountedCredit } from '#lib/sla/types.ts';
import type { ReturnCredit, UsageRecord } from '../types.ts';
import { chargeRows } from './charge-rows.ts';
import type { CostRow } from './columns.ts';
import { creditNoteRows, type NoteCredit } from './credit-note-rows.ts';
import { creditRow } from './credit-row.ts';
import { invoiceRows } from './invoice-rows.ts';
import { type FocusMonth, skuOf } from './month.ts';
import { purchaseCost, purchaseRow } from './purchase-row.ts';
import { slaRow } from './sla-row.ts';
import { FocusTally } from './tally.ts';
import { voucherRow } from './voucher-row.ts';

/** Takes the same step for every page of charges. */
export function takeCharges(focus: FocusMonth, tally: FocusTally, charges: readonly UsageRecord[]): CostRow[] {
  for (const charge of charges) tally.add(charge, skuOf(focus, charge.skuId));
  return charges.flatMap((charge) => chargeRows(focus, charge));
}

/** What follows the last charge: the terms' shares, tax, rounding and residue by account, credits for hours
 * given back and for broken availability, and credit notes. */
export function closingRows(
  focus: FocusMonth,
  tally: FocusTally,
  credits: readonly ReturnCredit[],
  notes: readonly NoteCredit[] = [],
  broken: readonly CountedCredit[] = [],
): CostRow[] {
  const terms = tally.terms();
  for (const term of terms) tally.addPurchase(term.charge, purchaseCost(focus, term));
  const accounts = [...focus.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    ...terms.map((term) => purchaseRow(focus, term)),
    ...accounts.flatMap((account) => invoiceRows(focus, account, tally)),
    ...focus.deductions.map((deduction) => voucherRow(focus, deduction)),
    ...credits.map((credit) => creditRow(focus, credit)),
    ...broken.map((credit) => slaRow(focus, credit)),
    ...creditNoteRows(focus, notes),
  ];
}

/** All rows of Cost and Usage of a month whose charges are at hand. */
export function costRows(
  focus: FocusMonth,
  charges: readonly UsageRecord[],
  credits: readonly ReturnCredit[],
  broken: readonly CountedCredit[] = [],
): CostRow[] {
  const tally = new FocusTally();
  return [...takeCharges(focus, tally, charges), ...closingRows(focus, tally, credits, [], broken)];
}
