import { type Instant, instant } from '#lib/core/instant.ts';
import { type Fen, fenToUnits } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Id } from '#lib/core/id.ts';
import type { CostRow, InvoiceDetailRow } from './columns.ts';
import { skuName } from './charge-rows.ts';
import {
  accountColumns,
  accountOf,
  CURRENCY,
  detailId,
  type FocusMonth,
  focusTime,
  placeColumns,
  skuOf,
  taxRateText,
} from './month.ts';
import { unitsText } from './prices.ts';

/** A line of an issued credit note, in the month in which it counts. */
export type NoteCredit = {
  readonly number: string;
  readonly invoiceNumber: string;
  /** The month of the invoice: what was charged then is taken back. */
  readonly month: Month;
  readonly organisationId: Id<'organisation'>;
  readonly skuId: Id<'sku'>;
  readonly line: number;
  readonly taxRateBps: number;
  /** It lessens what is owed on account, and is not money in the wallet. */
  readonly isOwed: boolean;
  readonly netFen: Fen;
  readonly taxFen: Fen;
  readonly at: Instant;
  readonly issuedAt: Instant;
};

const sameCosts = (amount: Fen): CostRow => {
  const text = unitsText(-fenToUnits(amount));
  return { BilledCost: text, EffectiveCost: text, ListCost: text, ContractedCost: text };
};

function commonColumns(focus: FocusMonth, note: NoteCredit): CostRow {
  const { startAt, endAt } = monthInterval(note.month);
  return {
    ...accountColumns(focus, accountOf(focus, note.organisationId)),
    ...placeColumns(skuOf(focus, note.skuId)),
    InvoiceId: note.number,
    ChargePeriodStart: focusTime(startAt),
    ChargePeriodEnd: focusTime(instant(endAt)),
  };
}

/**
 * A credit note as rows: each line its net as a correction of the month that was billed, and its tax. They bear the
 * note's own number, and sum to what it takes back; the rows of the invoice stay as they are.
 */
export function creditNoteRows(focus: FocusMonth, notes: readonly NoteCredit[]): CostRow[] {
  return notes.flatMap((note): CostRow[] => {
    const common = commonColumns(focus, note);
    const what = `${skuName(skuOf(focus, note.skuId))} · 冲减账单 credits invoice ${note.invoiceNumber}`;
    const ids = (part: string): CostRow => ({
      InvoiceDetailId: detailId(note.number, note.line, part),
      x_ChargeId: detailId(note.number, note.line, part),
    });
    const net: CostRow = {
      ...common,
      ...sameCosts(note.netFen),
      ...ids('credit'),
      ChargeCategory: 'Credit',
      ChargeClass: 'Correction',
      ChargeFrequency: 'One-Time',
      ChargeDescription: what,
    };
    if (note.taxFen === 0n) return [net];
    const rate = taxRateText(note.taxRateBps);
    const tax: CostRow = {
      ...common,
      ...sameCosts(note.taxFen),
      ...ids('tax'),
      ChargeCategory: 'Tax',
      ChargeClass: 'Correction',
      ChargeFrequency: 'One-Time',
      ChargeDescription: `增值税 VAT ${rate} · 冲减账单 credits invoice ${note.invoiceNumber}`,
      x_TaxRate: rate,
    };
    return [net, tax];
  });
}

/** The lines of credit notes as invoice detail: by the note's number, beside the invoice that each refers to. */
export function creditNoteDetails(focus: FocusMonth, notes: readonly NoteCredit[]): InvoiceDetailRow[] {
  const { startAt, endAt } = monthInterval(focus.month);
  return notes.flatMap((note) => {
    const issued = focusTime(instant(Math.floor(note.issuedAt / 1_000) * 1_000));
    const what = `${skuName(skuOf(focus, note.skuId))} · 冲减账单 credits invoice ${note.invoiceNumber}`;
    const rate = taxRateText(note.taxRateBps);
    const parts = [
      { part: 'credit', category: 'Credit', amount: note.netFen, description: what },
      { part: 'tax', category: 'Tax', amount: note.taxFen, description: `增值税 VAT ${rate} · ${what}` },
    ] as const;
    return parts
      .filter(({ amount }) => amount !== 0n)
      .map(
        ({ part, category, amount, description }): InvoiceDetailRow => ({
          BilledCost: unitsText(-fenToUnits(amount)),
          BillingAccountId: note.organisationId,
          BillingCurrency: CURRENCY,
          ChargeCategory: category,
          BillingPeriodStart: focusTime(startAt),
          BillingPeriodEnd: focusTime(endAt),
          InvoiceDetailCreated: issued,
          InvoiceDetailDescription: description,
          InvoiceDetailGrain: JSON.stringify({ SkuId: note.skuId, x_InvoiceLine: note.line }),
          InvoiceDetailId: detailId(note.number, note.line, part),
          InvoiceDetailLastUpdated: issued,
          InvoiceId: note.number,
          InvoiceIssueDate: issued,
          InvoiceIssueStatus: 'Issued',
          InvoiceIssuerName: focus.issuer,
          PaymentCurrency: CURRENCY,
          PaymentTerms: '冲减已出账单 Takes back what was invoiced',
          ReferenceInvoiceId: note.invoiceNumber,
          x_TaxRate: rate,
        }),
      );
  });
}
