import { decimalText } from '#lib/core/decimal.ts';
import type { CostRow } from './columns.ts';
import { priceDetails, skuName } from './charge-rows.ts';
import {
  accountColumns,
  accountOf,
  CARD_HOURS,
  COMMITMENT_TYPE,
  detailId,
  type FocusMonth,
  focusTime,
  lineOf,
  placeColumns,
  projectColumns,
  skuOf,
  taxRateText,
} from './month.ts';
import { cardHours, costOf, unitsText } from './prices.ts';
import { type CostPair, listTermPrice, type TermTally, termPrice } from './tally.ts';

/** What a month's share of a term costs by its price and by the list, to the last digit. */
export function purchaseCost(focus: FocusMonth, { charge, seconds }: TermTally): CostPair {
  const [sku, hours] = [skuOf(focus, charge.skuId), cardHours(seconds)];
  return {
    listCost: costOf(listTermPrice(charge, sku), hours),
    contractedCost: costOf(termPrice(charge, sku), hours),
  };
}

/**
 * The month's share of a prepaid term, as its invoice bills it: a recurring purchase whose billed cost is the effective
 * cost of the term's used and unused hours in the month, to the last unit.
 */
export function purchaseRow(focus: FocusMonth, term: TermTally): CostRow {
  const { charge, seconds, netUnits } = term;
  const sku = skuOf(focus, charge.skuId);
  const account = accountOf(focus, charge.organisationId);
  const line = lineOf(account, charge);
  const number = account.issued?.invoice.number;
  const hours = decimalText(cardHours(seconds));
  const { listCost, contractedCost } = purchaseCost(focus, term);
  return {
    ...accountColumns(focus, account),
    ...placeColumns(sku),
    ...projectColumns(focus, charge.projectId),
    ...(number && line ? { InvoiceId: number, InvoiceDetailId: detailId(number, line.line, 'purchase') } : {}),
    ChargeCategory: 'Purchase',
    ChargeFrequency: 'Recurring',
    ChargeDescription: `${skuName(sku)} · 按卡本月份额 by the card, this month's share of the term`,
    ChargePeriodStart: focusTime(term.startAt),
    ChargePeriodEnd: focusTime(term.endAt),
    CommitmentDiscountCategory: 'Usage',
    CommitmentDiscountId: charge.reservationId,
    CommitmentDiscountName: charge.reservationName,
    CommitmentDiscountType: COMMITMENT_TYPE,
    CommitmentDiscountQuantity: hours,
    CommitmentDiscountUnit: CARD_HOURS,
    BilledCost: unitsText(netUnits),
    EffectiveCost: '0',
    ListCost: decimalText(listCost),
    ListUnitPrice: decimalText(listTermPrice(charge, sku)),
    ContractedCost: decimalText(contractedCost),
    ContractedUnitPrice: decimalText(termPrice(charge, sku)),
    PricingCategory: 'Standard',
    PricingQuantity: hours,
    PricingUnit: CARD_HOURS,
    ResourceId: charge.reservationId,
    ResourceName: charge.reservationName,
    ResourceType: COMMITMENT_TYPE,
    SkuId: charge.skuId,
    SkuMeter: 'Card hours',
    SkuPriceId: `${charge.list?.versionId ?? charge.priceVersionId}/${charge.term?.name ?? 'term'}`,
    SkuPriceDetails: priceDetails(sku),
    x_ChargeId: `${charge.reservationId}/${focus.month}/purchase`,
    x_CardSeconds: `${seconds}`,
    x_ReservationId: charge.reservationId,
    x_ReservationName: charge.reservationName,
    x_TaxRate: taxRateText(sku.taxRateBps),
  };
}
