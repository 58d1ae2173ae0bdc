import 'server-only';
import { fen } from '#lib/core/money.ts';
import type { InvoiceSnapshot } from '../types.ts';
import { INVOICE_LABELS as L } from './invoice-labels.ts';
import {
  beijingText,
  cardHoursText,
  countText,
  fenText,
  instantOf,
  priceText,
  printable,
  rateText,
  unitsText,
} from './invoice-text.ts';
import { INK, SHEET, Sheets, type TextStyle } from './pdf-sheet.ts';
import { rmbCapitals } from './rmb-capitals.ts';

const WIDTH = SHEET.right - SHEET.left;
const QUIET: TextStyle = { size: 8, colour: INK.quiet };

type Line = InvoiceSnapshot['lines'][number];
type ColumnKey = keyof typeof L.columns;

/** The columns of the lines, as widths that sum to the sheet's. */
const COLUMNS: readonly { readonly key: ColumnKey; readonly width: number; readonly align: 'left' | 'right' }[] = [
  { key: 'line', width: 20, align: 'left' },
  { key: 'item', width: 122, align: 'left' },
  { key: 'cardHours', width: 118, align: 'right' },
  { key: 'price', width: 56, align: 'right' },
  { key: 'net', width: 62, align: 'right' },
  { key: 'tax', width: 56, align: 'right' },
  { key: 'gross', width: 65.28, align: 'right' },
];
const CELL_GAP = 6;

function heading(sheets: Sheets, snapshot: InvoiceSnapshot): number {
  const { left } = SHEET;
  sheets.write(L.title, { x: left, y: 42, width: 120 }, { size: 22, face: 'medium' });
  sheets.write(L.titleEn, { x: left + 52, y: 54, width: 120 }, { size: 11, colour: INK.quiet });
  const right = { x: left + WIDTH / 2, width: WIDTH / 2 };
  sheets.write(snapshot.number, { ...right, y: 46 }, { size: 13, face: 'medium', align: 'right' });
  sheets.write(L.number, { ...right, y: 66 }, { ...QUIET, align: 'right' });
  sheets.rule(90);
  const half = WIDTH / 2 - 12;
  const period = [snapshot.periodStartAt, snapshot.periodEndAt].map((iso) => beijingText(instantOf(iso)).slice(0, 16));
  sheets.write(L.period, { x: left, y: 100, width: half }, QUIET);
  const belowPeriod = sheets.write(`${snapshot.month}（${period.join(' – ')}）`, { x: left, y: 113, width: half });
  sheets.write(L.issuedAt, { x: left + half + 24, y: 100, width: half }, QUIET);
  const issued = `${beijingText(instantOf(snapshot.issuedAt))}（${L.beijingTime}）`;
  return Math.max(belowPeriod, sheets.write(issued, { x: left + half + 24, y: 113, width: half })) + 12;
}

function party(sheets: Sheets, box: { x: number; y: number; width: number }, label: string, lines: string[]): number {
  let y = sheets.write(label, box, QUIET) + 2;
  lines.forEach((line, i) => {
    const style: TextStyle = i === 0 ? { face: 'medium', size: 10 } : { size: 8.5 };
    y = sheets.write(printable(line), { ...box, y }, style) + 1;
  });
  return y;
}

function parties(sheets: Sheets, { seller, buyer }: InvoiceSnapshot, y: number): number {
  const width = WIDTH / 2 - 12;
  const left = party(sheets, { x: SHEET.left, y, width }, L.seller, [
    seller.nameZh,
    seller.nameEn,
    `${L.taxId} ${seller.taxId}`,
    `${L.address} ${seller.address}`,
  ]);
  const right = party(sheets, { x: SHEET.left + width + 24, y, width }, L.buyer, [
    buyer.name,
    `${L.customerId} ${buyer.organisationId}`,
  ]);
  return Math.max(left, right) + 12;
}

function amountDue(sheets: Sheets, { totals }: InvoiceSnapshot, y: number): number {
  const half = WIDTH / 2 - 12;
  const capitals = rmbCapitals(fen(BigInt(totals.grossFen)));
  const height = 24 + Math.max(22, sheets.heightOf(capitals, half, { size: 10 }));
  sheets.band(y, height + 8);
  sheets.write(L.due, { x: SHEET.left + 12, y: y + 8, width: half }, QUIET);
  sheets.write(
    `¥${fenText(totals.grossFen)}`,
    { x: SHEET.left + 12, y: y + 20, width: half },
    { size: 16, face: 'medium' },
  );
  sheets.write(L.inCapitals, { x: SHEET.left + half + 24, y: y + 8, width: half }, QUIET);
  sheets.write(capitals, { x: SHEET.left + half + 24, y: y + 22, width: half - 12 }, { size: 10 });
  return y + height + 24;
}

/** Writes one row; each cell is a main text and quieter ones below it. Answers the y below the highest. */
function row(
  sheets: Sheets,
  y: number,
  cells: Readonly<Record<ColumnKey, readonly string[]>>,
  style: TextStyle,
): number {
  let x: number = SHEET.left;
  let below = y;
  for (const { key, width, align } of COLUMNS) {
    let cellY = y;
    cells[key].forEach((text, i) => {
      const look: TextStyle = { ...(i === 0 ? style : { size: 7, colour: INK.quiet }), align };
      cellY =
        sheets.write(text, { x: x + (align === 'left' ? 0 : CELL_GAP), y: cellY, width: width - CELL_GAP }, look) + 1;
    });
    below = Math.max(below, cellY);
    x += width;
  }
  return below;
}

function columnHeads(sheets: Sheets, y: number): number {
  const heads = Object.fromEntries(COLUMNS.map(({ key }) => [key, [L.columns[key]]]));
  const below = row(sheets, y, heads as Record<ColumnKey, string[]>, { size: 7.5, colour: INK.quiet });
  sheets.rule(below + 3);
  return below + 9;
}

function lineCells(line: Line): Record<ColumnKey, string[]> {
  const spent = [`${L.used} ${countText(line.usedSeconds)} ${L.seconds}`];
  if (line.unusedSeconds !== '0') spent.push(`${L.unused} ${countText(line.unusedSeconds)} ${L.seconds}`);
  const seconds = `${BigInt(line.usedSeconds) + BigInt(line.unusedSeconds)}`;
  return {
    line: [`${line.line}`],
    item: [printable(line.model), printable(`${line.siteZh} ${line.siteEn}`), L.purchase[line.purchase]],
    cardHours: [cardHoursText(seconds), ...spent],
    price: [
      priceText(line.priceE10PerCardHour),
      ...(line.listPriceE10PerCardHour === undefined ? [] : [L.listPrice, priceText(line.listPriceE10PerCardHour)]),
    ],
    net: [fenText(line.netFen)],
    tax: [fenText(line.taxFen), rateText(line.taxRateBps)],
    gross: [fenText(line.grossFen)],
  };
}

const ROW_HEIGHT_MAX = 64;

function lines(sheets: Sheets, snapshot: InvoiceSnapshot, from: number): number {
  let y = columnHeads(sheets, from);
  for (const line of snapshot.lines) {
    if (y + ROW_HEIGHT_MAX > SHEET.bottom) {
      sheets.nextSheet();
      y = columnHeads(sheets, SHEET.top);
    }
    y = row(sheets, y, lineCells(line), { size: 8.5 }) + 4;
    sheets.rule(y);
    y += 6;
  }
  return y;
}

const TOTALS_HEIGHT = 210;
const VOUCHER_HEIGHT = 26;
/** Vouchers that are named one by one; the rest stand as a sum, so that the sums always fit a sheet. */
const VOUCHERS_NAMED = 8;

type SumRow = [label: string, amount: string, style: TextStyle];

function voucherSums({ vouchers = [] }: InvoiceSnapshot): SumRow[] {
  const named = vouchers.slice(0, VOUCHERS_NAMED);
  const rest = vouchers.slice(VOUCHERS_NAMED).reduce((sum, each) => sum + BigInt(each.units), 0n);
  const rows = named.map(
    ({ name, issuer, units }): SumRow => [
      printable(`${L.vouchers}：${name}（${issuer}）`),
      `-¥${unitsText(units)}`,
      {},
    ],
  );
  return rest === 0n ? rows : [...rows, [L.otherVouchers, `-¥${unitsText(`${rest}`)}`, {}]];
}

/** What the list would have come to and what was agreed below it; nothing without agreed prices. */
function agreedSums({ lines, totals: { grossUnits } }: InvoiceSnapshot): SumRow[] {
  if (lines.every((line) => line.listUnits === undefined)) return [];
  const list = lines.reduce((sum, line) => sum + BigInt(line.listUnits ?? line.grossUnits), 0n);
  return [
    [L.byList, `¥${unitsText(`${list}`)}`, { colour: INK.quiet }],
    [L.agreed, `-¥${unitsText(`${list - BigInt(grossUnits)}`)}`, { colour: INK.quiet }],
  ];
}

function totals(sheets: Sheets, snapshot: InvoiceSnapshot, from: number): void {
  const { totals: t, account } = snapshot;
  const [agreed, vouchers] = [agreedSums(snapshot), voucherSums(snapshot)];
  let y = from + 6;
  if (y + TOTALS_HEIGHT + (agreed.length + vouchers.length) * VOUCHER_HEIGHT > SHEET.bottom) {
    sheets.nextSheet();
    y = SHEET.top;
  }
  const sums: SumRow[] = [
    ...agreed,
    [L.usage, `¥${unitsText(t.grossUnits)}`, {}],
    ...vouchers,
    [account ? L.residueOwed : L.residue, `-¥${unitsText(t.residueUnits)}`, {}],
    [L.total, `¥${fenText(t.grossFen)}`, { face: 'medium', size: 10.5 }],
    ...(account ? [[L.owed(account.dueOn), `¥${unitsText(account.owedUnits)}`, {}] satisfies SumRow] : []),
    [L.net, `¥${fenText(t.netFen)}`, { colour: INK.quiet }],
    [L.tax, `¥${fenText(t.taxFen)}`, { colour: INK.quiet }],
  ];
  const x = SHEET.left + 140;
  for (const [label, amount, style] of sums) {
    const belowLabel = sheets.write(label, { x, y, width: 230 }, { ...style, size: 8.5 });
    const at = { x: x + 230, y, width: SHEET.right - x - 230 };
    const belowAmount = sheets.write(amount, at, { size: 9, ...style, align: 'right' });
    y = (label.startsWith(L.vouchers) ? Math.max(belowLabel, belowAmount) : belowAmount) + 4;
  }
  y += 14;
  const notes = L.notes.map((note, n) => (n === 1 && account ? L.owedNote : note));
  for (const note of notes) y = sheets.write(note, { x: SHEET.left, y, width: WIDTH }, { ...QUIET, size: 7.5 }) + 3;
}

/**
 * Renders an issued invoice as PDF from its snapshot and nothing else: the same snapshot gives the same bytes. Text can
 * be selected; characters the font does not have show as boxes.
 */
export async function renderInvoicePdf(snapshot: InvoiceSnapshot, snapshotHash: string): Promise<Uint8Array> {
  const sheets = new Sheets({
    title: `${L.title} ${L.titleEn} ${snapshot.number}`,
    author: printable(snapshot.seller.nameZh),
    at: instantOf(snapshot.issuedAt),
  });
  const belowHeading = heading(sheets, snapshot);
  const belowParties = parties(sheets, snapshot, belowHeading);
  const belowAmount = amountDue(sheets, snapshot, belowParties);
  totals(sheets, snapshot, lines(sheets, snapshot, belowAmount));
  return sheets.finish((number, count) => {
    const y = SHEET.bottom + 16;
    sheets.rule(y - 6);
    sheets.write(
      `${snapshot.number}  ${L.hash} ${snapshotHash}`,
      { x: SHEET.left, y, width: WIDTH - 60 },
      { size: 7, colour: INK.quiet },
    );
    sheets.write(
      L.page(number, count),
      { x: SHEET.right - 60, y, width: 60 },
      { size: 7, colour: INK.quiet, align: 'right' },
    );
  });
}
