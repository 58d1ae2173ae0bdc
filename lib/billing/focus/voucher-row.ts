import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import { skuName } from './charge-rows.ts';
import type { CostRow } from './columns.ts';
import { accountColumns, accountOf, detailId, type FocusMonth, focusTime, lineOf } from './month.ts';
import { type LineKey, placeColumns, projectColumns, skuOf } from './month.ts';
import { netOf, unitsText } from './prices.ts';

/** The name of what vouchers deduct from an invoice line. */
export const VOUCHER_PART = 'voucher';

/** A deduction without tax: the invoice taxes what it asks for, which vouchers lessen. Rounded for each by itself. */
const deductionNet = (focus: FocusMonth, { skuId, amountUnits }: Deduction): Units =>
  netOf(amountUnits, skuOf(focus, skuId).taxRateBps);

/** What the deductions from a line come to without tax, rounded one by one as their rows are. */
export function lineDeductionNet(focus: FocusMonth, { organisationId, skuId, priceVersionId }: LineKey): Units {
  const own = focus.deductions.filter(
    (each) => each.organisationId === organisationId && each.skuId === skuId && each.priceVersionId === priceVersionId,
  );
  return units(own.reduce((sum, each) => sum + deductionNet(focus, each), 0n));
}

/** What a voucher paid of a reservation's use in the month: a credit on the invoice that bills the use. */
export function voucherRow(focus: FocusMonth, deduction: Deduction): CostRow {
  const account = accountOf(focus, deduction.organisationId);
  const sku = skuOf(focus, deduction.skuId);
  const line = lineOf(account, deduction);
  const number = account.issued?.invoice.number;
  const cost = unitsText(-deductionNet(focus, deduction));
  return {
    ...accountColumns(focus, account),
    ...placeColumns(sku),
    ...projectColumns(focus, deduction.projectId),
    ...(line === null || number === undefined
      ? {}
      : { InvoiceId: number, InvoiceDetailId: detailId(number, line.line, VOUCHER_PART) }),
    ChargeCategory: 'Credit',
    ChargeFrequency: 'One-Time',
    ChargeDescription: `${skuName(sku)} · 算力券 voucher: ${deduction.programmeName} (${deduction.issuerName})`,
    ChargePeriodStart: focusTime(deduction.firstHourAt),
    ChargePeriodEnd: focusTime(instant(deduction.lastHourAt + HOUR_MS)),
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    x_ChargeId: `${deduction.grantId}/${deduction.reservationId}/${focus.month}`,
    x_ReservationId: deduction.reservationId,
    x_ReservationName: deduction.reservationName,
  };
}
