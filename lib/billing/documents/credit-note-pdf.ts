import 'server-only';
import { fen } from '#lib/core/money.ts';
import type { CreditNoteSnapshot } from '../credit-notes/types.ts';
import { CREDIT_NOTE_LABELS as L } from './credit-note-labels.ts';
import { INVOICE_LABELS } from './invoice-labels.ts';
import { beijingText, fenText, instantOf, printable, rateText } from './invoice-text.ts';
import { INK, SHEET, Sheets, type TextStyle } from './pdf-sheet.ts';
import { rmbCapitals } from './rmb-capitals.ts';

const WIDTH = SHEET.right - SHEET.left;
const HALF = WIDTH / 2 - 12;
const RIGHT_HALF = SHEET.left + HALF + 24;
const QUIET: TextStyle = { size: 8, colour: INK.quiet };
const ROW_HEIGHT_MAX = 56;

type ColumnKey = keyof typeof L.columns;

/** The columns of the lines, as widths that sum to the sheet's. */
const COLUMNS: readonly { readonly key: ColumnKey; readonly width: number; readonly align: 'left' | 'right' }[] = [
  { key: 'line', width: 24, align: 'left' },
  { key: 'item', width: 180, align: 'left' },
  { key: 'invoiced', width: 82, align: 'right' },
  { key: 'net', width: 72, align: 'right' },
  { key: 'tax', width: 66, align: 'right' },
  { key: 'gross', width: 75.28, align: 'right' },
];

/** A quiet label with its text below; answers the y below. */
function fact(sheets: Sheets, box: { x: number; y: number }, label: string, texts: readonly string[]): number {
  let y = sheets.write(label, { ...box, width: HALF }, QUIET) + 2;
  for (const text of texts) y = sheets.write(printable(text), { x: box.x, y, width: HALF }) + 1;
  return y;
}

function heading(sheets: Sheets, snapshot: CreditNoteSnapshot): number {
  const { left } = SHEET;
  sheets.write(L.title, { x: left, y: 42, width: 160 }, { size: 22, face: 'medium' });
  sheets.write(L.titleEn, { x: left + 122, y: 54, width: 120 }, { size: 11, colour: INK.quiet });
  const right = { x: left + WIDTH / 2, width: WIDTH / 2 };
  sheets.write(snapshot.number, { ...right, y: 46 }, { size: 13, face: 'medium', align: 'right' });
  sheets.write(L.number, { ...right, y: 66 }, { ...QUIET, align: 'right' });
  sheets.rule(90);
  const reason = snapshot.reasonText === '' ? [] : [snapshot.reasonText];
  const rows = [
    [fact(sheets, { x: left, y: 100 }, L.invoice, [snapshot.invoiceNumber])],
    [
      fact(sheets, { x: RIGHT_HALF, y: 100 }, L.issuedAt, [
        `${beijingText(instantOf(snapshot.issuedAt))}（${L.beijingTime}）`,
      ]),
    ],
  ].flat();
  const second = Math.max(...rows) + 8;
  const below = [
    fact(sheets, { x: left, y: second }, L.month, [snapshot.month]),
    fact(sheets, { x: RIGHT_HALF, y: second }, L.reason, [L.reasons[snapshot.reason], ...reason]),
  ];
  return Math.max(...below) + 10;
}

function parties(sheets: Sheets, { seller, buyer }: CreditNoteSnapshot, y: number): number {
  const { taxId, customerId } = INVOICE_LABELS;
  const left = fact(sheets, { x: SHEET.left, y }, INVOICE_LABELS.seller, [
    seller.nameZh,
    seller.nameEn,
    `${taxId} ${seller.taxId}`,
  ]);
  const buyerLines = [buyer.name, `${customerId} ${buyer.organisationId}`];
  return Math.max(left, fact(sheets, { x: RIGHT_HALF, y }, INVOICE_LABELS.buyer, buyerLines)) + 12;
}

function amount(sheets: Sheets, { totals }: CreditNoteSnapshot, y: number): number {
  const capitals = rmbCapitals(fen(BigInt(totals.grossFen)));
  const height = 24 + Math.max(22, sheets.heightOf(capitals, HALF, { size: 10 }));
  sheets.band(y, height + 8);
  sheets.write(L.credited, { x: SHEET.left + 12, y: y + 8, width: HALF }, QUIET);
  const sum = { x: SHEET.left + 12, y: y + 20, width: HALF };
  sheets.write(`¥${fenText(totals.grossFen)}`, sum, { size: 16, face: 'medium' });
  sheets.write(L.inCapitals, { x: RIGHT_HALF, y: y + 8, width: HALF }, QUIET);
  sheets.write(capitals, { x: RIGHT_HALF, y: y + 22, width: HALF - 12 }, { size: 10 });
  return y + height + 24;
}

/** Writes one row of cells, each a text and a quieter one below it; answers the y below the highest. */
function row(sheets: Sheets, y: number, cells: Readonly<Record<ColumnKey, readonly string[]>>): number {
  let x: number = SHEET.left;
  let below = y;
  for (const { key, width, align } of COLUMNS) {
    let cellY = y;
    cells[key].forEach((text, i) => {
      const style: TextStyle = i === 0 ? { size: 8.5, align } : { size: 7, colour: INK.quiet, align };
      cellY = sheets.write(text, { x, y: cellY, width: width - 6 }, style) + 1;
    });
    below = Math.max(below, cellY);
    x += width;
  }
  return below;
}

function lines(sheets: Sheets, snapshot: CreditNoteSnapshot, from: number): number {
  let y = row(sheets, from, {
    line: [L.columns.line],
    item: [L.columns.item],
    invoiced: [L.columns.invoiced],
    net: [L.columns.net],
    tax: [L.columns.tax],
    gross: [L.columns.gross],
  });
  sheets.rule(y + 3);
  y += 9;
  for (const line of snapshot.lines) {
    if (y + ROW_HEIGHT_MAX > SHEET.bottom) {
      sheets.nextSheet();
      y = SHEET.top;
    }
    const where = `${line.siteZh} ${line.siteEn} · ${INVOICE_LABELS.purchase[line.purchase]}`;
    y = row(sheets, y, {
      line: [`${line.line}`],
      item: [printable(line.model), printable(where)],
      invoiced: [fenText(line.invoicedFen)],
      net: [fenText(line.netFen)],
      tax: [fenText(line.taxFen), rateText(line.taxRateBps)],
      gross: [fenText(line.grossFen)],
    });
    sheets.rule(y + 4);
    y += 10;
  }
  return y;
}

function closing(sheets: Sheets, { totals, creditedTo }: CreditNoteSnapshot, from: number): void {
  let y = from + 90 > SHEET.bottom ? SHEET.top : from;
  if (y === SHEET.top) sheets.nextSheet();
  y = row(sheets, y, {
    line: [''],
    item: [''],
    invoiced: [''],
    net: [fenText(totals.netFen)],
    tax: [fenText(totals.taxFen)],
    gross: [fenText(totals.grossFen)],
  });
  y += 14;
  for (const note of [L.to[creditedTo], ...L.notes])
    y = sheets.write(note, { x: SHEET.left, y, width: WIDTH }, { ...QUIET, size: 7.5 }) + 3;
}

/** Renders an issued credit note as PDF from its snapshot and nothing else: the same snapshot gives the same bytes. */
export async function renderCreditNotePdf(snapshot: CreditNoteSnapshot, snapshotHash: string): Promise<Uint8Array> {
  const sheets = new Sheets({
    title: `${L.title} ${L.titleEn} ${snapshot.number}`,
    author: printable(snapshot.seller.nameZh),
    at: instantOf(snapshot.issuedAt),
  });
  const belowParties = parties(sheets, snapshot, heading(sheets, snapshot));
  closing(sheets, snapshot, lines(sheets, snapshot, amount(sheets, snapshot, belowParties)));
  return sheets.finish((number, count) => {
    const y = SHEET.bottom + 16;
    sheets.rule(y - 6);
    const hash = `${snapshot.number}  ${INVOICE_LABELS.hash} ${snapshotHash}`;
    sheets.write(hash, { x: SHEET.left, y, width: WIDTH - 60 }, { size: 7, colour: INK.quiet });
    const page = { x: SHEET.right - 60, y, width: 60 };
    sheets.write(INVOICE_LABELS.page(number, count), page, { size: 7, colour: INK.quiet, align: 'right' });
  });
}
