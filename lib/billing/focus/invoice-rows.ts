import { type Decimal, decimal, decimalText, times } from '#lib/core/decimal.ts';
import { fenToUnits, type Units, units } from '#lib/core/money.ts';
import { monthInterval } from '#lib/core/period.ts';
import type { InvoiceLine } from '../types.ts';
import type { CostRow } from './columns.ts';
import { accountColumns, detailId, type FocusAccount, type FocusInvoice, type FocusMonth } from './month.ts';
import { focusTime, placeColumns, skuOf, taxRateText } from './month.ts';
import { unitsText } from './prices.ts';
import type { FocusTally } from './tally.ts';
import { lineDeductionNet } from './voucher-row.ts';

type Issued = FocusAccount & { readonly issued: FocusInvoice };

/** All that rows about a whole month have in common. */
function monthRow(
  focus: FocusMonth,
  account: Issued,
  part: { readonly line: number | null; readonly name: string },
): CostRow {
  const { startAt, endAt } = monthInterval(focus.month);
  const { number } = account.issued.invoice;
  return {
    ...accountColumns(focus, account),
    InvoiceId: number,
    InvoiceDetailId: detailId(number, part.line, part.name),
    ChargePeriodStart: focusTime(startAt),
    ChargePeriodEnd: focusTime(endAt),
    x_ChargeId: detailId(number, part.line, part.name),
  };
}

/** The four costs of a row that stands for itself: all the same. */
const sameCosts = (text: string): CostRow => ({
  BilledCost: text,
  EffectiveCost: text,
  ListCost: text,
  ContractedCost: text,
});

/** What a line's tax leaves of what it asks for, less what its rows come to one by one: charges and vouchers. */
export const lineRounding = (line: InvoiceLine, netUnits: Units, deductedNetUnits: Units): Units =>
  units(line.grossUnits - line.voucherUnits - fenToUnits(line.taxFen) - (netUnits - deductedNetUnits));

/** Value added tax of a line, as the invoice has it; list and contracted tax follow from the costs of what is taxed. */
function taxRow(focus: FocusMonth, account: Issued, line: InvoiceLine, tally: FocusTally): CostRow {
  const sku = skuOf(focus, line.skuId);
  const { listCost, contractedCost } = tally.line({ ...line, organisationId: account.id });
  const taxOf = (cost: Decimal) => decimalText(times(cost, decimal(BigInt(line.taxRateBps), 4)));
  const tax = unitsText(fenToUnits(line.taxFen));
  const rate = taxRateText(line.taxRateBps);
  return {
    ...monthRow(focus, account, { line: line.line, name: 'tax' }),
    ...placeColumns(sku),
    ChargeCategory: 'Tax',
    ChargeFrequency: 'Recurring',
    ChargeDescription: `增值税 VAT ${rate}`,
    BilledCost: tax,
    EffectiveCost: tax,
    ListCost: taxOf(listCost),
    ContractedCost: taxOf(contractedCost),
    x_TaxRate: rate,
  };
}

function roundingRow(focus: FocusMonth, account: Issued, line: InvoiceLine, tally: FocusTally): CostRow | null {
  const key = { ...line, organisationId: account.id };
  const rounding = lineRounding(line, tally.line(key).netUnits, lineDeductionNet(focus, key));
  if (rounding === 0n) return null;
  return {
    ...monthRow(focus, account, { line: line.line, name: 'rounding' }),
    ...sameCosts(unitsText(rounding)),
    ChargeCategory: 'Adjustment',
    ChargeFrequency: 'One-Time',
    ChargeDescription: '税额取整差额 Rounding of the tax of this line to the fen',
  };
}

function residueRow(focus: FocusMonth, account: Issued): CostRow | null {
  const { residueUnits } = account.issued.invoice;
  if (residueUnits === 0n) return null;
  return {
    ...monthRow(focus, account, { line: null, name: 'residue' }),
    ...sameCosts(unitsText(-residueUnits)),
    ChargeCategory: 'Adjustment',
    ChargeFrequency: 'One-Time',
    ChargeDescription: '抹零，退回钱包 Residue below 0.01, returned to the wallet',
  };
}

/**
 * What an invoice adds to the charges it bills: the tax of each line, its rounding, and the residue. With them the billed
 * costs of an invoice sum to what it asks for. Nothing before the invoice.
 */
export function invoiceRows(focus: FocusMonth, account: FocusAccount, tally: FocusTally): CostRow[] {
  const { issued } = account;
  if (issued === null) return [];
  const billed = { ...account, issued };
  const rows = issued.lines.flatMap((line) => [
    taxRow(focus, billed, line, tally),
    roundingRow(focus, billed, line, tally),
  ]);
  return [...rows, residueRow(focus, billed)].filter((row) => row !== null);
}
