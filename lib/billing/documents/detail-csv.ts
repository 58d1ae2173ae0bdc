import { decimalText } from '#lib/core/decimal.ts';
import { toIso } from '#lib/core/instant.ts';
import { chargeToDate, fen, fenToUnits, type Units, units, WHOLE_BPS } from '#lib/core/money.ts';
import { shanghaiDateOf } from '#lib/core/period.ts';
import type { CountedCredit } from '#lib/sla/types.ts';
import type { ReturnCredit, SkuFacts, UsageRecord } from '../types.ts';
import type { NoteCredit } from '../focus/credit-note-rows.ts';
import { cardHours, listPrice, priceWithTax, unitsText } from '../focus/prices.ts';
import { accountOf, type FocusAccount, type FocusMonth, skuOf } from '../focus/month.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import type { Outstanding, OwedCharges } from './outstanding.ts';
import { csvLines, UTF8_MARK } from './csv-lines.ts';
import { guardedText } from './csv-text.ts';

/** The columns of Alibaba Cloud's split-item bill, in their order: readers made for it read ours. */
export const DETAIL_COLUMNS = [
  'AdjustAmount',
  'BillAccountID',
  'BillAccountName',
  'BillingDate',
  'BillingItem',
  'BillingItemCode',
  'BillingType',
  'BizType',
  'CashAmount',
  'CommodityCode',
  'CostUnit',
  'Currency',
  'DeductedByCashCoupons',
  'DeductedByCoupons',
  'DeductedByPrepaidCard',
  'DeductedByResourcePackage',
  'InstanceConfig',
  'InstanceID',
  'InstanceSpec',
  'InternetIP',
  'IntranetIP',
  'InvoiceDiscount',
  'Item',
  'ItemName',
  'ListPrice',
  'ListPriceUnit',
  'NickName',
  'OutstandingAmount',
  'OwnerID',
  'PaymentAmount',
  'PipCode',
  'PretaxAmount',
  'PretaxGrossAmount',
  'ProductCode',
  'ProductDetail',
  'ProductName',
  'ProductType',
  'Region',
  'ResourceGroup',
  'ServicePeriod',
  'ServicePeriodUnit',
  'SplitAccountID',
  'SplitAccountName',
  'SplitBillingCycle',
  'SplitBillingDate',
  'SplitCommodityCode',
  'SplitItemID',
  'SplitItemName',
  'SplitProductDetail',
  'SubscriptionType',
  'Tag',
  'Usage',
  'UsageUnit',
  'Zone',
] as const;

type DetailRow = { readonly [Column in (typeof DETAIL_COLUMNS)[number]]?: string };

/**
 * An amount down the chain of that bill: gross less discount is what is payable; of that, what is outstanding on account,
 * and the rest paid from the wallet. Amounts include tax, to the last digit of the ledger.
 */
function chain(gross: Units, payable: bigint, outstanding: bigint): DetailRow {
  return {
    PretaxGrossAmount: unitsText(gross),
    InvoiceDiscount: unitsText(gross - payable),
    DeductedByCoupons: '0',
    PretaxAmount: unitsText(payable),
    DeductedByCashCoupons: '0',
    DeductedByPrepaidCard: '0',
    DeductedByResourcePackage: '0',
    PaymentAmount: unitsText(payable - outstanding),
    CashAmount: unitsText(payable - outstanding),
    OutstandingAmount: unitsText(outstanding),
    AdjustAmount: '0',
  };
}

function accountCells(focus: FocusMonth, account: Pick<FocusAccount, 'id' | 'name'>): DetailRow {
  return {
    BillAccountID: account.id,
    BillAccountName: guardedText(account.name),
    OwnerID: account.id,
    SplitAccountID: account.id,
    SplitAccountName: guardedText(account.name),
    SplitBillingCycle: focus.month,
    Currency: 'CNY',
    ProductCode: 'kashi',
    ProductName: '卡时',
    PipCode: 'kashi',
    BizType: 'kashi',
  };
}

/** By the hour the published price of the hour; by the card the price before the term's factor; both of the list. */
function grossOf(charge: UsageRecord): Units {
  const { purchase, list, amountUnits, usedSeconds, unusedSeconds, bandBps } = charge;
  if (purchase === 'by-card') return chargeToDate(listPrice(charge), BigInt(usedSeconds + unusedSeconds) * WHOLE_BPS);
  if (!list) return amountUnits;
  const gross = chargeToDate(list.priceE10PerCardHour, BigInt(usedSeconds) * BigInt(bandBps));
  // An hour's amount is a difference of two that are rounded, so a second of it may come to a last digit more. What was
  // charged too much is taken back with its discount.
  const isShort = amountUnits < 0n ? gross > amountUnits : gross < amountUnits;
  return isShort ? amountUnits : gross;
}

function chargeRow(focus: FocusMonth, charge: UsageRecord, sku: SkuFacts, outstanding: bigint): DetailRow {
  const isTerm = charge.purchase === 'by-card';
  const seconds = charge.usedSeconds + (isTerm ? charge.unusedSeconds : 0);
  const date = shanghaiDateOf(charge.hourAt);
  const account = { id: charge.organisationId, name: charge.organisationName };
  return {
    ...accountCells(focus, account),
    ...chain(grossOf(charge), charge.amountUnits, outstanding),
    BillingDate: date,
    SplitBillingDate: date,
    BillingItem: '卡时',
    BillingItemCode: 'card_hour',
    BillingType: isTerm ? '包年包月' : '按量付费',
    ...(charge.projectId === null ? {} : { CostUnit: guardedText(focus.projects.get(charge.projectId) ?? '') }),
    CommodityCode: charge.skuId,
    SplitCommodityCode: charge.skuId,
    InstanceID: charge.cardId,
    InstanceSpec: guardedText(sku.model),
    InstanceConfig: `allocation:${charge.allocationId};band:${charge.bandBps}`,
    Item: isTerm ? 'SubscriptionOrder' : 'PayAsYouGoBill',
    ItemName: isTerm ? '按卡预付期' : '按时使用',
    ListPrice: priceWithTax(charge),
    ListPriceUnit: '元/卡时',
    NickName: guardedText(charge.reservationName),
    ProductDetail: guardedText(sku.model),
    SplitProductDetail: guardedText(sku.model),
    ProductType: charge.purchase,
    Region: guardedText(sku.regionName),
    Zone: guardedText(sku.siteName.zh),
    ServicePeriod: `${seconds}`,
    ServicePeriodUnit: '秒',
    SplitItemID: `${charge.allocationId}/${toIso(charge.hourAt).slice(0, 13)}/${charge.revision}`,
    SplitItemName: charge.reservationId,
    SubscriptionType: isTerm ? 'Subscription' : 'PayAsYouGo',
    Usage: decimalText(cardHours(BigInt(seconds))),
    UsageUnit: '卡时',
  };
}

/** An amount without usage, which stands for itself; what of it lessens what is owed, where something does. */
function amountRow(
  focus: FocusMonth,
  account: FocusAccount,
  { date, id, amount, outstanding = 0n }: { date: string; id: string; amount: bigint; outstanding?: bigint },
): DetailRow {
  return {
    ...accountCells(focus, account),
    ...chain(units(amount), amount, outstanding),
    BillingDate: date,
    SplitBillingDate: date,
    SplitItemID: id,
  };
}

/** What a voucher paid of a reservation's use: nothing gross, deducted by a coupon, and so much less is payable. */
function voucherRow(focus: FocusMonth, deduction: Deduction): DetailRow {
  const { grantId, reservationId, reservationName, organisationId, amountUnits } = deduction;
  const id = `${grantId}/${reservationId}/${focus.month}`;
  const date = shanghaiDateOf(deduction.lastHourAt);
  const row = amountRow(focus, accountOf(focus, organisationId), { date, id, amount: -amountUnits });
  return {
    ...row,
    PretaxGrossAmount: '0',
    InvoiceDiscount: '0',
    DeductedByCoupons: unitsText(amountUnits),
    Item: 'Voucher',
    ItemName: guardedText(`算力券抵扣：${deduction.programmeName}`),
    NickName: guardedText(reservationName),
    SplitItemName: reservationId,
  };
}

const lines = (rows: readonly DetailRow[]): string =>
  csvLines(rows.map((row) => DETAIL_COLUMNS.map((column) => row[column] ?? '')));

export const detailHead = (): string => UTF8_MARK + csvLines([DETAIL_COLUMNS]);

/** The rows of charges. `paid` says how they were paid; `open` follows what is outstanding from page to page. */
export const detailLines = (
  focus: FocusMonth,
  charges: readonly UsageRecord[],
  open: Outstanding,
  paid: OwedCharges,
): string =>
  lines(charges.map((charge) => chargeRow(focus, charge, skuOf(focus, charge.skuId), open.ofCharge(charge, paid))));

/** What was credited in the month besides the charges. */
export type DetailCredits = {
  readonly returned: readonly ReturnCredit[];
  readonly broken: readonly CountedCredit[];
  readonly notes: readonly NoteCredit[];
};

/**
 * What follows the charges: the residue of each invoice as an adjustment and what vouchers paid as deductions, with which
 * what is payable sums to the invoice, and as refunds, which stand on no invoice, credits for hours given back and for
 * broken availability, and the lines of credit notes.
 */
export function detailClosing(
  focus: FocusMonth,
  lastDate: string,
  { returned, broken, notes }: DetailCredits,
  open: Outstanding,
): string {
  const givenBack = returned.map((credit) => ({ ...credit, what: '退还未用时长', outstanding: 0n }));
  const compensated = broken.map((credit) => {
    const outstanding = open.ofCredit(credit, credit.month === focus.month);
    return { ...credit, what: `${credit.month}可用率赔偿`, outstanding };
  });
  const refunds = [...givenBack, ...compensated].flatMap((credit): DetailRow[] => {
    const account = focus.accounts.get(credit.organisationId);
    if (!account) return [];
    const cells = {
      date: shanghaiDateOf(credit.at),
      id: credit.journalKey,
      amount: -credit.amountUnits,
      outstanding: credit.outstanding,
    };
    const row = amountRow(focus, account, cells);
    return [{ ...row, Item: 'Refund', ItemName: credit.what, NickName: guardedText(credit.reservationName) }];
  });
  const residues = [...focus.accounts.values()].flatMap((account): DetailRow[] => {
    if (!account.issued) return [];
    const { number, residueUnits } = account.issued.invoice;
    const outstanding = open.ofResidue(account.id, residueUnits);
    if (residueUnits === 0n) return [];
    const cells = { date: lastDate, id: `${number}/residue`, amount: -residueUnits, outstanding };
    return [{ ...amountRow(focus, account, cells), Item: 'Adjustment', ItemName: '抹零' }];
  });
  const credited = notes.flatMap((note): DetailRow[] => {
    const account = focus.accounts.get(note.organisationId);
    if (!account) return [];
    const amount = -fenToUnits(fen(note.netFen + note.taxFen));
    const outstanding = open.ofCredit({ ...note, owedUnits: note.isOwed ? -amount : 0n }, false);
    const cells = { date: shanghaiDateOf(note.at), id: `${note.number}/${note.line}`, amount, outstanding };
    const row = amountRow(focus, account, cells);
    return [{ ...row, Item: 'Refund', ItemName: `冲减账单${note.invoiceNumber}`, CommodityCode: note.skuId }];
  });
  return lines([...residues, ...focus.deductions.map((each) => voucherRow(focus, each)), ...refunds, ...credited]);
}
