import 'server-only';
import { decimal, decimalText } from '#lib/core/decimal.ts';
import { invariant, present } from '#lib/core/assert.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { monthInterval, shanghaiDateOf } from '#lib/core/period.ts';
import type { WalletMonth } from '#lib/ledger/wallet-month.ts';
import type { ControlLine } from './documents/control-sheet.ts';
import { detailClosing, detailHead, detailLines } from './documents/detail-csv.ts';
import { NONE_OWED, Outstanding, type OwedCharges, type Owing, owingOf } from './documents/outstanding.ts';
import { renderInvoicePdf } from './documents/invoice-pdf.ts';
import { invoiceWorkbook } from './documents/invoice-xlsx.ts';
import { renderStatementPdf } from './documents/statement-pdf.ts';
import { usageCsvHead, usageCsvLines } from './documents/usage-csv.ts';
import { type UsageTally, usageWorkbook } from './documents/usage-xlsx.ts';
import type { ExportAccount, ExportMonth } from './month-store.ts';
import type { ExportKind, FileSeal } from './export-kinds.ts';
import {
  BILLING_PERIOD_COLUMNS,
  COST_COLUMNS,
  type CostRow,
  type FocusVersion,
  INVOICE_DETAIL_COLUMNS,
} from './focus/columns.ts';
import { closingRows, takeCharges } from './focus/cost-rows.ts';
import { creditNoteDetails, type NoteCredit } from './focus/credit-note-rows.ts';
import { focusHead, focusLines } from './focus/focus-csv.ts';
import { billingPeriodRow, type InvoiceFacts, invoiceDetailRows } from './focus/invoice-detail.ts';
import type { FocusInvoice } from './focus/month.ts';
import { FocusTally } from './focus/tally.ts';
import type { CountedCredit } from '#lib/sla/types.ts';
import type { InvoiceLine, ReturnCredit, UsageRecord } from './types.ts';

/** Where a writer reads. Each call is a transaction of its own; pages are read as they are asked for. */
export type ExportSource = {
  readonly facts: ExportMonth;
  /** What was known at this time is in the file. */
  readonly knownAt: Instant;
  readonly pages: () => AsyncIterable<readonly UsageRecord[]>;
  /** Who is on account, and how the charges of a page were paid. */
  readonly owing: () => Promise<ReadonlyMap<string, Owing>>;
  readonly owedCharges: (page: readonly UsageRecord[]) => Promise<OwedCharges>;
  readonly credits: () => Promise<readonly ReturnCredit[]>;
  readonly broken: () => Promise<readonly CountedCredit[]>;
  readonly notes: () => Promise<readonly NoteCredit[]>;
  readonly ledgerUnits: () => Promise<bigint>;
  readonly invoiceFacts: (account: ExportAccount, lines: readonly InvoiceLine[]) => Promise<InvoiceFacts>;
  readonly walletMonth: (account: ExportAccount) => Promise<WalletMonth>;
};

export type Totals = Pick<FileSeal, 'rows' | 'totals'>;

/** Writes a file in parts, and answers what it counted. */
export type Writer = (source: ExportSource) => AsyncGenerator<string | Uint8Array, Totals>;

const yuan = (amount: bigint): string => decimalText(decimal(amount, 8));

const billedAccounts = ({ accounts }: ExportMonth): (ExportAccount & { readonly issued: FocusInvoice })[] =>
  [...accounts.values()].filter(
    (account): account is ExportAccount & { issued: FocusInvoice } => account.issued !== null,
  );

const onlyAccount = ({ accounts }: ExportMonth): ExportAccount => {
  const [account, other] = accounts.values();
  invariant(other === undefined, 'this file is of one organisation');
  return present(account, 'the organisation of the file');
};

async function* usageCsv({ pages }: ExportSource): AsyncGenerator<string, Totals> {
  let [rows, accrued] = [0, 0n];
  yield usageCsvHead();
  for await (const page of pages()) {
    rows += page.length;
    for (const { amountUnits } of page) accrued += amountUnits;
    yield usageCsvLines(page);
  }
  return { rows, totals: { accruedYuan: yuan(accrued) } };
}

/** What the control sheet of usage says: its sums, the ledger's, and the invoices'. */
function controlLines(facts: ExportMonth, tally: UsageTally, ledgerUnits: bigint): ControlLine[] {
  const invoices = billedAccounts(facts).map(({ issued }) => issued.invoice);
  const [vouchers, residue, payable] = invoices.reduce<[bigint, bigint, bigint]>(
    (sum, { voucherUnits, residueUnits, grossFen }) => [
      sum[0] + voucherUnits,
      sum[1] + residueUnits,
      sum[2] + fenToUnits(grossFen),
    ],
    [0n, 0n, 0n],
  );
  const gross = payable + residue + vouchers;
  const owed = billedAccounts(facts).reduce(
    (sum, { record }) => sum + ((record && owingOf(record.snapshot)?.askedUnits) ?? 0n),
    0n,
  );
  const usage: ControlLine[] = [
    { label: '账期 Month', text: facts.month },
    { label: '行数 Rows', count: tally.rows },
    { label: '使用卡秒 Card-seconds used', count: tally.usedSeconds },
    { label: '未使用卡秒 Card-seconds unused', count: tally.unusedSeconds },
    { label: '故障卡秒 Card-seconds down', count: tally.downSeconds },
    { label: '用量金额合计（本文件） Usage charges, this file', units: tally.amountUnits },
    { label: '用量金额合计（总账） Usage charges, ledger', units: ledgerUnits },
    { label: '差额：文件 − 总账 Difference to the ledger', units: tally.amountUnits - ledgerUnits },
  ];
  if (invoices.length === 0) return [...usage, { label: '账单 Invoices', text: '未开具 None yet' }];
  return [
    ...usage,
    { label: '账单数 Invoices', count: invoices.length },
    { label: '账单用量金额 Invoices, usage charges', units: gross },
    { label: '差额：文件 − 账单 Difference to the invoices', units: tally.amountUnits - gross },
    // Only where there are any: the files of months that are closed must come out as they did.
    ...(vouchers === 0n ? [] : [{ label: '算力券抵扣 Vouchers', units: -vouchers }]),
    { label: '抹零 Residue', units: -residue },
    { label: '账单价税合计 Invoices, payable', units: payable },
    ...(owed === 0n ? [] : [{ label: '其中后付应付 Of it owed on account', units: owed }]),
  ];
}

async function* usageXlsx({ facts, pages, ledgerUnits }: ExportSource): AsyncGenerator<Uint8Array, Totals> {
  const tally: UsageTally = { rows: 0, usedSeconds: 0n, unusedSeconds: 0n, downSeconds: 0n, amountUnits: 0n };
  const ledger = await ledgerUnits();
  const control = (sums: UsageTally) => controlLines(facts, sums, ledger);
  yield* usageWorkbook(`卡时用量 Kashi usage ${facts.month}`, pages(), control, tally);
  return { rows: tally.rows, totals: { accruedYuan: yuan(tally.amountUnits), ledgerYuan: yuan(ledger) } };
}

async function* detailCsv(source: ExportSource): AsyncGenerator<string, Totals> {
  const { facts, pages } = source;
  const open = new Outstanding(await source.owing());
  let [rows, payable] = [0, 0n];
  yield detailHead();
  for await (const page of pages()) {
    rows += page.length;
    for (const { amountUnits } of page) payable += amountUnits;
    yield detailLines(facts, page, open, open.concerns(page) ? await source.owedCharges(page) : NONE_OWED);
  }
  const residues = billedAccounts(facts).map(({ issued }) => issued.invoice.residueUnits);
  for (const residue of residues) payable -= residue;
  for (const { amountUnits } of facts.deductions) payable -= amountUnits;
  const returned = await source.credits();
  const notes = await source.notes();
  const broken = await source.broken();
  const lastDate = shanghaiDateOf(instant(monthInterval(facts.month).endAt - 1));
  yield detailClosing(facts, lastDate, { returned, broken, notes }, open);
  const refunded =
    [...returned, ...broken].reduce((sum, { amountUnits }) => sum + amountUnits, 0n) +
    notes.reduce((sum, { netFen, taxFen }) => sum + fenToUnits(netFen) + fenToUnits(taxFen), 0n);
  const closing = residues.filter((residue) => residue !== 0n).length + facts.deductions.length;
  const count = rows + closing + returned.length + notes.length + broken.length;
  return { rows: count, totals: { payableYuan: yuan(payable), refundedYuan: yuan(refunded) } };
}

/** An exact decimal of a row in 1e-8 yuan; billed and accrued costs have at most eight digits. */
function unitsOf(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  const [whole = '', fraction = ''] = text.split('.');
  invariant(fraction.length <= 8, `${text} has digits below 1e-8`);
  return BigInt(whole + fraction.padEnd(8, '0'));
}

/** Adds what rows bill, on invoices and beside them, and what was accrued. */
class BilledSum {
  #rows = 0;
  #invoiced = 0n;
  #other = 0n;
  #accrued = 0n;

  add(rows: readonly CostRow[]): void {
    this.#rows += rows.length;
    for (const row of rows) {
      this.#accrued += unitsOf(row.x_AccruedCost);
      if (row.InvoiceId === undefined) this.#other += unitsOf(row.BilledCost);
      else this.#invoiced += unitsOf(row.BilledCost);
    }
  }

  totals(): Totals {
    const notInvoiced = this.#other === 0n ? {} : { notInvoicedYuan: yuan(this.#other) };
    return {
      rows: this.#rows,
      totals: { billedYuan: yuan(this.#invoiced), accruedYuan: yuan(this.#accrued), ...notInvoiced },
    };
  }
}

const costAndUsage = (version: FocusVersion): Writer =>
  async function* write({ facts, pages, credits, notes, broken }) {
    const columns = COST_COLUMNS[version];
    const tally = new FocusTally();
    const sum = new BilledSum();
    yield focusHead(columns);
    for await (const page of pages()) {
      const rows = takeCharges(facts, tally, page);
      sum.add(rows);
      yield focusLines(columns, rows);
    }
    const last = closingRows(facts, tally, await credits(), await notes(), await broken());
    sum.add(last);
    yield focusLines(columns, last);
    return sum.totals();
  };

async function* invoiceDetail({ facts, invoiceFacts, notes }: ExportSource): AsyncGenerator<string, Totals> {
  let [count, billed] = [0, 0n];
  yield focusHead(INVOICE_DETAIL_COLUMNS);
  for (const account of billedAccounts(facts)) {
    const rows = invoiceDetailRows(facts, account, await invoiceFacts(account, account.issued.lines));
    count += rows.length;
    for (const row of rows) billed += unitsOf(row.BilledCost);
    yield focusLines(INVOICE_DETAIL_COLUMNS, rows);
  }
  const credited = creditNoteDetails(facts, await notes());
  for (const row of credited) billed += unitsOf(row.BilledCost);
  count += credited.length;
  yield focusLines(INVOICE_DETAIL_COLUMNS, credited);
  return { rows: count, totals: { billedYuan: yuan(billed) } };
}

async function* billingPeriod({ facts, knownAt }: ExportSource): AsyncGenerator<string, Totals> {
  const row = billingPeriodRow(facts, facts.closedAt !== null, facts.closedAt ?? knownAt);
  yield focusHead(BILLING_PERIOD_COLUMNS);
  yield focusLines(BILLING_PERIOD_COLUMNS, [row]);
  return { rows: 1, totals: {} };
}

async function* invoicePdf({ facts }: ExportSource): AsyncGenerator<Uint8Array, Totals> {
  const { snapshot, invoice } = present(onlyAccount(facts).record, 'an invoice');
  yield await renderInvoicePdf(snapshot, invoice.snapshotHash);
  return { rows: snapshot.lines.length, totals: { payableYuan: yuan(fenToUnits(invoice.grossFen)) } };
}

async function* invoiceXlsx({ facts }: ExportSource): AsyncGenerator<Uint8Array, Totals> {
  const { snapshot, invoice } = present(onlyAccount(facts).record, 'an invoice');
  yield* invoiceWorkbook(snapshot, invoice.snapshotHash);
  return { rows: snapshot.lines.length, totals: { payableYuan: yuan(fenToUnits(invoice.grossFen)) } };
}

async function* statementPdf({ facts, walletMonth }: ExportSource): AsyncGenerator<Uint8Array, Totals> {
  const account = onlyAccount(facts);
  const wallet = await walletMonth(account);
  const { id, name, issued } = account;
  const { month, closedAt, issuer: seller } = facts;
  yield await renderStatementPdf({
    month,
    closedAt,
    seller,
    buyer: { id, name },
    wallet,
    invoice: issued?.invoice ?? null,
  });
  const totals = { openingYuan: yuan(wallet.openingUnits), closingYuan: yuan(wallet.closingUnits) };
  return { rows: wallet.days.length, totals };
}

/** How each kind of file is written. */
export const WRITERS = {
  'usage-csv': usageCsv,
  'usage-xlsx': usageXlsx,
  detail: detailCsv,
  'focus-1.2': costAndUsage('1.2'),
  'focus-1.4': costAndUsage('1.4'),
  'focus-1.4-invoice-detail': invoiceDetail,
  'focus-1.4-billing-period': billingPeriod,
  'invoice-pdf': invoicePdf,
  'invoice-xlsx': invoiceXlsx,
  'statement-pdf': statementPdf,
} as const satisfies Record<ExportKind, Writer>;
