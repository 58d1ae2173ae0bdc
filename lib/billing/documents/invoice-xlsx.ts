import { decimal, decimalText } from '#lib/core/decimal.ts';
import { fen, fenToUnits } from '#lib/core/money.ts';
import type { InvoiceSnapshot } from '../types.ts';
import { controlSheet } from './control-sheet.ts';
import { INVOICE_LABELS as L } from './invoice-labels.ts';
import { beijingText, instantOf } from './invoice-text.ts';
import { type Cell, count, type Sheet, text, workbook } from './xlsx.ts';

const yuan = (fenText: string): Cell => ({ number: decimalText(decimal(BigInt(fenText), 2)), look: 'fen' });
const exact = (unitsText: string): Cell => ({ number: decimalText(decimal(BigInt(unitsText), 8)), look: 'units' });

type Line = InvoiceSnapshot['lines'][number];

type LineColumn = readonly [name: string, width: number, cell: (line: Line) => Cell];

const COLUMNS: readonly LineColumn[] = [
  [L.columns.line, 6, (line) => count(line.line)],
  [L.columns.item, 20, (line) => text(line.model)],
  ['地点 Site', 20, (line) => text(`${line.siteZh} ${line.siteEn}`)],
  ['方式 Purchase', 20, (line) => text(L.purchase[line.purchase])],
  [`${L.used} 卡秒`, 14, (line) => count(BigInt(line.usedSeconds))],
  [`${L.unused} 卡秒`, 14, (line) => count(BigInt(line.unusedSeconds))],
  [
    L.columns.price,
    16,
    (line) => ({ number: decimalText(decimal(BigInt(line.priceE10PerCardHour), 10)), look: 'price' }),
  ],
  [L.usage, 20, (line) => exact(line.grossUnits)],
  ['税率 Tax rate', 10, (line) => ({ number: decimalText(decimal(BigInt(line.taxRateBps), 4)), look: 'price' })],
  [L.columns.net, 16, (line) => yuan(line.netFen)],
  [L.columns.tax, 16, (line) => yuan(line.taxFen)],
  [L.columns.gross, 16, (line) => yuan(line.grossFen)],
];

const VOUCHER_COLUMN: LineColumn = [L.vouchers, 20, (line) => exact(`${-BigInt(line.voucherUnits ?? '0')}`)];

/** By the list, where some price was agreed. */
const LIST_COLUMNS: readonly LineColumn[] = [
  [
    L.listPrice,
    16,
    ({ listPriceE10PerCardHour: list, priceE10PerCardHour: price }) => ({
      number: decimalText(decimal(BigInt(list ?? price), 10)),
      look: 'price',
    }),
  ],
  [L.byList, 20, (line) => exact(line.listUnits ?? line.grossUnits)],
  [L.agreed, 20, (line) => exact(`${BigInt(line.grossUnits) - BigInt(line.listUnits ?? line.grossUnits)}`)],
];

/** What each voucher paid; no rows without any, so that earlier invoices come out as they did. */
const voucherRows = ({ vouchers = [] }: InvoiceSnapshot): (readonly [string, Cell])[] =>
  vouchers.map(({ name, issuer, units }) => [`${L.vouchers}：${name}（${issuer}）`, exact(`${-BigInt(units)}`)]);

/** What is owed on account; no row on invoices that were issued before files named it. */
const owedRows = ({ account }: InvoiceSnapshot): (readonly [string, Cell])[] =>
  account?.settledUnits === undefined ? [] : [[L.owed(account.dueOn), exact(account.owedUnits)]];

function headSheet(snapshot: InvoiceSnapshot, hash: string): Sheet {
  const { seller, buyer, totals } = snapshot;
  const rows: readonly (readonly [string, Cell])[] = [
    [L.number, text(snapshot.number)],
    [L.period, text(snapshot.month)],
    [`${L.issuedAt}（${L.beijingTime}）`, text(beijingText(instantOf(snapshot.issuedAt)))],
    [L.seller, text(seller.nameZh)],
    [L.taxId, text(seller.taxId)],
    [L.buyer, text(buyer.name)],
    [L.customerId, text(buyer.organisationId)],
    [L.usage, exact(totals.grossUnits)],
    ...voucherRows(snapshot),
    [
      snapshot.account?.settledUnits === undefined ? L.residue : L.residueOwed,
      exact(`${-BigInt(totals.residueUnits)}`),
    ],
    [L.net, yuan(totals.netFen)],
    [L.tax, yuan(totals.taxFen)],
    [L.total, yuan(totals.grossFen)],
    ...owedRows(snapshot),
    [L.hash, text(hash)],
  ];
  return {
    name: '账单 Invoice',
    widths: [44, 60],
    head: [`${L.title} ${L.titleEn}`, snapshot.number],
    rows: [rows.map(([label, cell]) => [text(label), cell])],
  };
}

/** An issued invoice as a workbook, from its snapshot: what it is, its lines, and that the lines sum to it. */
export function invoiceWorkbook(snapshot: InvoiceSnapshot, hash: string): AsyncGenerator<Uint8Array> {
  const { lines, totals } = snapshot;
  const sum = (of: (line: Line) => string): bigint => lines.reduce((total, line) => total + BigInt(of(line)), 0n);
  const sumFen = (of: (line: Line) => string): bigint => fenToUnits(fen(sum(of)));
  const control = controlSheet([
    { label: '明细用量金额合计 Lines, usage charges', units: sum((line) => line.grossUnits) },
    { label: '账单用量金额 Invoice, usage charges', units: BigInt(totals.grossUnits) },
    { label: '明细不含税合计 Lines, net', units: sumFen((line) => line.netFen) },
    { label: '明细税额合计 Lines, tax', units: sumFen((line) => line.taxFen) },
    { label: '明细含税合计 Lines, incl. tax', units: sumFen((line) => line.grossFen) },
    { label: '账单价税合计 Invoice, incl. tax', units: fenToUnits(fen(BigInt(totals.grossFen))) },
    {
      label: '差额 Difference',
      units: sumFen((line) => line.grossFen) - fenToUnits(fen(BigInt(totals.grossFen))),
    },
    { label: L.hash, text: hash },
  ]);
  const isAgreed = lines.some((line) => line.listUnits !== undefined);
  const columns = [
    ...COLUMNS,
    ...(totals.voucherUnits === undefined ? [] : [VOUCHER_COLUMN]),
    ...(isAgreed ? LIST_COLUMNS : []),
  ];
  const linesSheet: Sheet = {
    name: '明细 Lines',
    widths: columns.map(([, width]) => width),
    head: columns.map(([name]) => name),
    rows: [lines.map((line) => columns.map(([, , cell]) => cell(line)))],
  };
  return workbook(`${L.title} ${snapshot.number}`, [headSheet(snapshot, hash), linesSheet, control]);
}
