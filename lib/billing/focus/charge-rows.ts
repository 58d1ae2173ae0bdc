import { decimalText } from '#lib/core/decimal.ts';
import { HOUR_MS, instant, toIso } from '#lib/core/instant.ts';
import { type Units, WHOLE_BPS } from '#lib/core/money.ts';
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
  RESOURCE_TYPE,
  skuOf,
  taxRateText,
} from './month.ts';
import { cardHours, costOf, netOf, netPrice, priceWithTax, splitBySeconds, unitsText } from './prices.ts';

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

/** The id of a price: a time band has a price of its own. */
export function skuPriceId(charge: Pick<UsageRecord, 'priceVersionId' | 'bandBps'>): string {
  return BigInt(charge.bandBps) === WHOLE_BPS ? charge.priceVersionId : `${charge.priceVersionId}/${charge.bandBps}`;
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

function shareRow(focus: FocusMonth, charge: UsageRecord, sku: SkuFacts, share: Share): CostRow {
  const account = accountOf(focus, charge.organisationId);
  const isTerm = charge.purchase === 'by-card';
  const price = netPrice(charge.priceE10PerCardHour, charge.bandBps, sku.taxRateBps);
  const hours = cardHours(BigInt(share.seconds));
  const [cost, hoursText] = [decimalText(costOf(price, hours)), decimalText(hours)];
  const isUsed = share.status === 'Used';
  const line = lineOf(account, charge);
  const number = account.issued?.invoice.number;
  const isCorrection = monthOf(charge.hourAt) !== focus.month;
  return {
    ...accountColumns(focus, account),
    ...placeColumns(sku),
    ...(isTerm ? commitmentColumns(charge, share.status, isCorrection ? null : hoursText) : {}),
    ...(number && line ? { InvoiceId: number, InvoiceDetailId: detailId(number, line.line, partOf(charge)) } : {}),
    ...(isCorrection ? { ChargeClass: 'Correction' } : {}),
    ...(isUsed ? { ConsumedQuantity: `${share.seconds}`, ConsumedUnit: CARD_SECONDS } : {}),
    ChargeCategory: 'Usage',
    ChargeFrequency: 'Usage-Based',
    ChargeDescription: `${skuName(sku)} · ${PURCHASES[charge.purchase]} · ${WORDS[share.status]}`,
    ChargePeriodStart: focusTime(charge.hourAt),
    ChargePeriodEnd: focusTime(instant(charge.hourAt + HOUR_MS)),
    CapacityReservationId: charge.reservationId,
    CapacityReservationStatus: share.status,
    BilledCost: isTerm ? '0' : unitsText(share.net),
    EffectiveCost: unitsText(share.net),
    ListCost: cost,
    ListUnitPrice: decimalText(price),
    ContractedCost: cost,
    ContractedUnitPrice: decimalText(price),
    PricingCategory: isTerm ? 'Committed' : 'Standard',
    PricingQuantity: hoursText,
    PricingUnit: CARD_HOURS,
    ResourceId: isTerm && !isUsed ? charge.reservationId : charge.cardId,
    ...(isTerm && !isUsed ? { ResourceName: charge.reservationName } : {}),
    ResourceType: isTerm && !isUsed ? COMMITMENT_TYPE : RESOURCE_TYPE,
    SkuId: charge.skuId,
    SkuMeter: 'Card hours',
    SkuPriceId: skuPriceId(charge),
    SkuPriceDetails: priceDetails(sku),
    x_ChargeId: `${charge.allocationId}/${toIso(charge.hourAt).slice(0, 13)}/${charge.revision}/${share.status.toLowerCase()}`,
    x_AccruedCost: unitsText(share.accrued),
    x_CardSeconds: `${share.seconds}`,
    x_JournalKey: charge.journalKey,
    x_ListUnitPriceWithTax: priceWithTax(charge),
    x_ReservationId: charge.reservationId,
    x_ReservationName: charge.reservationName,
    x_TaxRate: taxRateText(sku.taxRateBps),
  };
}

/** What the invoice bills a charge as: use of the hour, or a month's share of a term that was paid in advance. */
export const partOf = ({ purchase }: Pick<UsageRecord, 'purchase'>): 'usage' | 'purchase' =>
  purchase === 'by-hour' ? 'usage' : 'purchase';

/**
 * The rows of one usage charge: none without paid seconds, else one for used and one for unused. By the hour they are
 * billed; a term's hours cost what they earned of it and are billed with the term.
 */
export function chargeRows(focus: FocusMonth, charge: UsageRecord): CostRow[] {
  const sku = skuOf(focus, charge.skuId);
  return sharesOf(charge, sku).map((share) => shareRow(focus, charge, sku, share));
}
