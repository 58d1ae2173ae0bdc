import { decimalText } from '#lib/core/decimal.ts';
import { HOUR_MS, instant, toIso } from '#lib/core/instant.ts';
import { type PriceE10, type Units, WHOLE_BPS } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import type { SkuFacts, UsageRecord } from '../types.ts';
import type { CostRow } from './columns.ts';
import {
  accountColumns,
  accountOf,
  CARD_HOURS,
  CARD_SECONDS,
  COMMITMENT_TYPE,
  detailId,
  type FocusMonth,
  focusTime,
  lineOf,
  placeColumns,
  projectColumns,
  RESOURCE_TYPE,
  skuOf,
  taxRateText,
} from './month.ts';
import { cardHours, costOf, listPrice, netOf, netPrice, priceWithTax, splitBySeconds, unitsText } from './prices.ts';

type Status = 'Used' | 'Unused';

/** One row's share of a charge: its seconds, what they earned with tax as the ledger has it, and without. */
type Share = { readonly status: Status; readonly seconds: number; readonly accrued: Units; readonly net: Units };

/** A charge without tax. Rounded per charge, so that what the rows of a charge come to never depends on their number. */
export const chargeNet = (charge: UsageRecord, sku: SkuFacts): Units => netOf(charge.amountUnits, sku.taxRateBps);

/** Used and unused seconds stand in rows of their own. Time without proof costs nothing and has no row. */
function sharesOf(charge: UsageRecord, sku: SkuFacts): Share[] {
  const { usedSeconds, unusedSeconds, amountUnits } = charge;
  const paidUnused = charge.purchase === 'by-card' ? unusedSeconds : 0;
  if (usedSeconds === 0 && paidUnused === 0) return [];
  const accrued = splitBySeconds(amountUnits, usedSeconds, paidUnused);
  const net = splitBySeconds(chargeNet(charge, sku), usedSeconds, paidUnused);
  const used: Share = { status: 'Used', seconds: usedSeconds, accrued: accrued.used, net: net.used };
  const unused: Share = { status: 'Unused', seconds: paidUnused, accrued: accrued.unused, net: net.unused };
  return [used, unused].filter(({ seconds }) => seconds !== 0);
}

/** The id of a price: a time band has a price of its own. It is the list's, whatever was agreed with the customer. */
function skuPriceId(charge: Pick<UsageRecord, 'priceVersionId' | 'bandBps' | 'list'>): string {
  const versionId = charge.list?.versionId ?? charge.priceVersionId;
  return BigInt(charge.bandBps) === WHOLE_BPS ? versionId : `${versionId}/${charge.bandBps}`;
}

export function priceDetails(sku: SkuFacts): string {
  return JSON.stringify({
    GpuCount: 1,
    InstanceType: sku.model,
    x_Purchase: sku.purchase,
    x_TaxRateBasisPoints: sku.taxRateBps,
  });
}

/** `真武 810E 韶关 Shaoguan`, for descriptions. */
export const skuName = ({ model, siteName }: SkuFacts): string => `${model} ${siteName.zh} ${siteName.en}`;

const WORDS = { Used: '使用 used', Unused: '未使用 unused' } as const satisfies Record<Status, string>;
const PURCHASES = { 'by-hour': '按时 by the hour', 'by-card': '按卡 by the card' } as const;

/** What a prepaid term adds: the commitment that the seconds count against. */
function commitmentColumns(charge: UsageRecord, status: Status, hours: string | null): CostRow {
  return {
    CommitmentDiscountCategory: 'Usage',
    CommitmentDiscountId: charge.reservationId,
    CommitmentDiscountName: charge.reservationName,
    CommitmentDiscountType: COMMITMENT_TYPE,
    CommitmentDiscountStatus: status,
    ...(hours === null ? {} : { CommitmentDiscountQuantity: hours, CommitmentDiscountUnit: CARD_HOURS }),
  };
}

/** What all rows of a SKU at a price and band have in common. */
function priceColumns(charge: UsageRecord, sku: SkuFacts): CostRow {
  const { bandBps } = charge;
  return {
    ...placeColumns(sku),
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ListUnitPrice: decimalText(netPrice(listPrice(charge), bandBps, sku.taxRateBps)),
    ContractedUnitPrice: decimalText(netPrice(charge.priceE10PerCardHour, bandBps, sku.taxRateBps)),
    PricingCategory: charge.purchase === 'by-card' ? 'Committed' : 'Standard',
    PricingUnit: CARD_HOURS,
    SkuId: charge.skuId,
    SkuMeter: 'Card hours',
    SkuPriceId: skuPriceId(charge),
    SkuPriceDetails: priceDetails(sku),
    x_ListUnitPriceWithTax: priceWithTax(charge),
    x_TaxRate: taxRateText(sku.taxRateBps),
  };
}

/** What some seconds cost by definition, by the list and by what was agreed, and the card-hours that they are. */
type Costs = { readonly ListCost: string; readonly ContractedCost: string; readonly PricingQuantity: string };

/** Texts and sums that recur from row to row, made once for a month. */
type Recurring = {
  readonly prices: Map<string, CostRow>;
  readonly costs: Map<string, Costs>;
};
const RECURRING = new WeakMap<FocusMonth, Recurring>();

function recurringOf(focus: FocusMonth): Recurring {
  const known = RECURRING.get(focus) ?? { prices: new Map(), costs: new Map() };
  RECURRING.set(focus, known);
  return known;
}

function pricedColumns(focus: FocusMonth, charge: UsageRecord, sku: SkuFacts): CostRow {
  const { prices } = recurringOf(focus);
  const key = `${charge.priceVersionId} ${charge.bandBps}`;
  const columns = prices.get(key) ?? priceColumns(charge, sku);
  prices.set(key, columns);
  return columns;
}

function costsOf(focus: FocusMonth, charge: UsageRecord, sku: SkuFacts, seconds: number): Costs {
  const { costs } = recurringOf(focus);
  const key = `${charge.priceVersionId} ${charge.bandBps} ${seconds}`;
  const known = costs.get(key);
  if (known) return known;
  const hours = cardHours(BigInt(seconds));
  const cost = (price: PriceE10) => decimalText(costOf(netPrice(price, charge.bandBps, sku.taxRateBps), hours));
  const texts: Costs = {
    ListCost: cost(listPrice(charge)),
    ContractedCost: cost(charge.priceE10PerCardHour),
    PricingQuantity: decimalText(hours),
  };
  costs.set(key, texts);
  return texts;
}

/** The resource of a share: a card, or for hours of a term that nobody used, the term. */
function resourceColumns(charge: UsageRecord, isOfTerm: boolean): CostRow {
  return isOfTerm
    ? { ResourceId: charge.reservationId, ResourceName: charge.reservationName, ResourceType: COMMITMENT_TYPE }
    : { ResourceId: charge.cardId, ResourceType: RESOURCE_TYPE };
}

function shareRow(focus: FocusMonth, charge: UsageRecord, sku: SkuFacts, share: Share): CostRow {
  const account = accountOf(focus, charge.organisationId);
  const isTerm = charge.purchase === 'by-card';
  const isUsed = share.status === 'Used';
  const costs = costsOf(focus, charge, sku, share.seconds);
  const line = lineOf(account, charge);
  const number = account.issued?.invoice.number;
  const isCorrection = monthOf(charge.hourAt) !== focus.month;
  const net = unitsText(share.net);
  return {
    ...accountColumns(focus, account),
    ...pricedColumns(focus, charge, sku),
    ...projectColumns(focus, charge.projectId),
    ...resourceColumns(charge, isTerm && !isUsed),
    ...(isTerm ? commitmentColumns(charge, share.status, isCorrection ? null : costs.PricingQuantity) : {}),
    ...(number && line ? { InvoiceId: number, InvoiceDetailId: detailId(number, line.line, partOf(charge)) } : {}),
    ...(isCorrection ? { ChargeClass: 'Correction' } : {}),
    ...(isUsed ? { ConsumedQuantity: `${share.seconds}`, ConsumedUnit: CARD_SECONDS } : {}),
    ChargeDescription: `${skuName(sku)} · ${PURCHASES[charge.purchase]} · ${WORDS[share.status]}`,
    ChargePeriodStart: focusTime(charge.hourAt),
    ChargePeriodEnd: focusTime(instant(charge.hourAt + HOUR_MS)),
    CapacityReservationId: charge.reservationId,
    CapacityReservationStatus: share.status,
    BilledCost: isTerm ? '0' : net,
    EffectiveCost: net,
    ...costs,
    x_ChargeId: `${charge.allocationId}/${toIso(charge.hourAt).slice(0, 13)}/${charge.revision}/${share.status.toLowerCase()}`,
    x_AccruedCost: unitsText(share.accrued),
    x_CardSeconds: `${share.seconds}`,
    x_JournalKey: charge.journalKey,
    x_ReservationId: charge.reservationId,
    x_ReservationName: charge.reservationName,
  };
}

/** What the invoice bills a charge as: use of the hour, or a month's share of a term that was paid in advance. */
const partOf = ({ purchase }: Pick<UsageRecord, 'purchase'>): 'usage' | 'purchase' =>
  purchase === 'by-hour' ? 'usage' : 'purchase';

/**
 * The rows of one usage charge: none without paid seconds, else one for used and one for unused. By the hour they are
 * billed; a term's hours cost what they earned of it and are billed with the term.
 */
export function chargeRows(focus: FocusMonth, charge: UsageRecord): CostRow[] {
  const sku = skuOf(focus, charge.skuId);
  return sharesOf(charge, sku).map((share) => shareRow(focus, charge, sku, share));
}
