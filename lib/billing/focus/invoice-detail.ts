import { decimal, decimalText } from '#lib/core/decimal.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { fenToUnits, type PriceE10, type Units } from '#lib/core/money.ts';
import { monthInterval } from '#lib/core/period.ts';
import type { InvoiceLine } from '../types.ts';
import type { BillingPeriodRow, InvoiceDetailRow } from './columns.ts';
import { skuName } from './charge-rows.ts';
import { lineRounding } from './invoice-rows.ts';
import { CURRENCY, detailId, type FocusAccount, type FocusInvoice, type FocusMonth, focusTime } from './month.ts';
import { skuOf, taxRateText } from './month.ts';
import { unitsText } from './prices.ts';
import { lineDeductionNet, VOUCHER_PART } from './voucher-row.ts';

/** What the charges of an invoice line come to without tax, each rounded by itself, and the line's price. */
export type LineFacts = { readonly netUnits: Units; readonly priceE10PerCardHour: PriceE10 };

/** Facts of an invoice's lines by their number. */
export type InvoiceFacts = ReadonlyMap<number, LineFacts>;

type Part = {
  readonly line: InvoiceLine | null;
  readonly name: 'usage' | 'purchase' | 'voucher' | 'tax' | 'rounding' | 'residue';
  readonly category: 'Usage' | 'Purchase' | 'Credit' | 'Tax' | 'Adjustment';
  readonly amount: Units | bigint;
  readonly description: string;
};

function partsOf(
  focus: FocusMonth,
  organisationId: Id<'organisation'>,
  { invoice, lines }: FocusInvoice,
  facts: InvoiceFacts,
): Part[] {
  const ofLines = lines.flatMap((line): Part[] => {
    const net = facts.get(line.line)?.netUnits ?? (0n as Units);
    const deducted = lineDeductionNet(focus, { ...line, organisationId });
    const isHourly = line.purchase === 'by-hour';
    const name = skuName(skuOf(focus, line.skuId));
    return [
      {
        line,
        name: isHourly ? 'usage' : 'purchase',
        category: isHourly ? 'Usage' : 'Purchase',
        amount: net,
        description: `${name} · ${isHourly ? '按时 by the hour' : '按卡 by the card'}`,
      },
      { line, name: VOUCHER_PART, category: 'Credit', amount: -deducted, description: `${name} · 算力券 vouchers` },
      {
        line,
        name: 'tax',
        category: 'Tax',
        amount: fenToUnits(line.taxFen),
        description: `增值税 VAT ${taxRateText(line.taxRateBps)}`,
      },
      {
        line,
        name: 'rounding',
        category: 'Adjustment',
        amount: lineRounding(line, net, deducted),
        description: '税额取整差额 Rounding of the tax of this line to the fen',
      },
    ];
  });
  const residue: Part = {
    line: null,
    name: 'residue',
    category: 'Adjustment',
    amount: -invoice.residueUnits,
    description: '抹零，退回钱包 Residue below 0.01, returned to the wallet',
  };
  return [...ofLines, residue].filter(({ amount }) => amount !== 0n);
}

function metrics({ line, category }: Part, facts: InvoiceFacts): InvoiceDetailRow {
  if (line === null || category === 'Adjustment' || category === 'Credit') return {};
  const rate = { x_TaxRate: taxRateText(line.taxRateBps) };
  if (category === 'Tax') return rate;
  const price = facts.get(line.line)?.priceE10PerCardHour;
  return {
    ...rate,
    x_CardSecondsUsed: `${line.usedSeconds}`,
    x_CardSecondsUnused: `${line.unusedSeconds}`,
    ...(price === undefined ? {} : { x_UnitPriceWithTax: decimalText(decimal(price, 10)) }),
  };
}

/**
 * The invoice of an account as rows: each line by what it is for, its tax and its rounding, then the residue. Parts of
 * nothing are left out. The rows sum to what the invoice asks for, and each to the cost rows of its detail id.
 */
export function invoiceDetailRows(
  focus: FocusMonth,
  account: FocusAccount & { readonly issued: FocusInvoice },
  facts: InvoiceFacts,
): InvoiceDetailRow[] {
  const { startAt, endAt } = monthInterval(focus.month);
  const { number, issuedAt } = account.issued.invoice;
  const issued = focusTime(issuedAt);
  return partsOf(focus, account.id, account.issued, facts).map((part) => ({
    BilledCost: unitsText(part.amount),
    BillingAccountId: account.id,
    BillingCurrency: CURRENCY,
    ChargeCategory: part.category,
    BillingPeriodEnd: focusTime(endAt),
    BillingPeriodStart: focusTime(startAt),
    InvoiceDetailCreated: issued,
    InvoiceDetailDescription: part.description,
    InvoiceDetailGrain: JSON.stringify(
      part.line === null
        ? { x_Invoice: number }
        : { SkuId: part.line.skuId, SkuPriceId: part.line.priceVersionId, x_InvoiceLine: part.line.line },
    ),
    InvoiceDetailId: detailId(number, part.line?.line ?? null, part.name),
    InvoiceDetailLastUpdated: issued,
    InvoiceId: number,
    InvoiceIssueDate: issued,
    InvoiceIssueStatus: 'Issued',
    InvoiceIssuerName: focus.issuer,
    PaymentCurrency: CURRENCY,
    PaymentTerms: '预付钱包，无需另付 Prepaid from the wallet',
    ReferenceInvoiceId: number,
    ...metrics(part, facts),
  }));
}

/** The month as a billing period. `changedAt`: when it was closed, or while it is open when it was last looked at. */
export function billingPeriodRow(focus: FocusMonth, isClosed: boolean, changedAt: Instant): BillingPeriodRow {
  const { startAt, endAt } = monthInterval(focus.month);
  return {
    BillingPeriodCreated: focusTime(startAt),
    BillingPeriodEnd: focusTime(endAt),
    BillingPeriodLastUpdated: focusTime(changedAt),
    BillingPeriodStart: focusTime(startAt),
    BillingPeriodStatus: isClosed ? 'Closed' : 'Open',
    InvoiceIssuerName: focus.issuer,
  };
}
