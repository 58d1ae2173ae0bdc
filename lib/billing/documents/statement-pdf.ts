import 'server-only';
import type { Instant } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { WalletDay, WalletMonth } from '#lib/ledger/wallet-month.ts';
import { INVOICE_LABELS } from './invoice-labels.ts';
import { beijingText, countText, fenText, printable, unitsText } from './invoice-text.ts';
import { INK, SHEET, Sheets, type TextStyle } from './pdf-sheet.ts';
import { STATEMENT_LABELS as L } from './statement-labels.ts';

/** All that a statement shows. */
export type Statement = {
  readonly month: Month;
  readonly closedAt: Instant | null;
  readonly seller: string;
  readonly buyer: { readonly id: string; readonly name: string };
  readonly wallet: WalletMonth;
  readonly invoice: { readonly number: string; readonly grossFen: bigint } | null;
};

const WIDTH = SHEET.right - SHEET.left;
const QUIET: TextStyle = { size: 8, colour: INK.quiet };
const ROW_HEIGHT = 16;

const sumOf = (days: readonly WalletDay[], isCounted: (amount: bigint) => boolean): bigint =>
  days.reduce((sum, { amountUnits }) => (isCounted(amountUnits) ? sum + amountUnits : sum), 0n);

const yuan = (amount: bigint): string => unitsText(`${amount}`);

function heading(sheets: Sheets, statement: Statement): number {
  const { left } = SHEET;
  const { startAt, endAt } = monthInterval(statement.month);
  sheets.write(L.title, { x: left, y: 42, width: 160 }, { size: 22, face: 'medium' });
  sheets.write(L.titleEn, { x: left + 76, y: 54, width: 160 }, { size: 11, colour: INK.quiet });
  const right = { x: left + WIDTH / 2, width: WIDTH / 2 };
  sheets.write(statement.month, { ...right, y: 46 }, { size: 13, face: 'medium', align: 'right' });
  const state = statement.closedAt === null ? L.state.open : L.state.closed;
  sheets.write(state, { ...right, y: 66 }, { ...QUIET, align: 'right' });
  sheets.rule(90);
  const half = WIDTH / 2 - 12;
  const period = [startAt, endAt].map((at) => beijingText(at).slice(0, 16)).join(' – ');
  sheets.write(INVOICE_LABELS.buyer, { x: left, y: 100, width: half }, QUIET);
  const name = printable(statement.buyer.name);
  const below = sheets.write(name, { x: left, y: 113, width: half }, { face: 'medium', size: 10 });
  const idLine = `${INVOICE_LABELS.customerId} ${statement.buyer.id}`;
  const belowId = sheets.write(idLine, { x: left, y: below + 1, width: half }, { size: 8.5 });
  sheets.write(INVOICE_LABELS.seller, { x: left + half + 24, y: 100, width: half }, QUIET);
  const seller = printable(statement.seller);
  const belowSeller = sheets.write(seller, { x: left + half + 24, y: 113, width: half }, { size: 9 });
  const lastLine = { x: left + half + 24, y: belowSeller + 1, width: half };
  return Math.max(belowId, sheets.write(`${INVOICE_LABELS.period} ${period}`, lastLine, { size: 8.5 })) + 14;
}

function summary(sheets: Sheets, { wallet, invoice }: Statement, from: number): number {
  const rows: readonly (readonly [string, string])[] = [
    [L.opening, yuan(wallet.openingUnits)],
    [L.in, yuan(sumOf(wallet.days, (amount) => amount > 0n))],
    [L.out, yuan(sumOf(wallet.days, (amount) => amount < 0n))],
    [L.closing, yuan(wallet.closingUnits)],
    [L.invoice, invoice === null ? L.noInvoice : `${invoice.number}  ¥${fenText(`${invoice.grossFen}`)}`],
  ];
  sheets.band(from, rows.length * ROW_HEIGHT + 12);
  let y = from + 8;
  for (const [label, value] of rows) {
    sheets.write(label, { x: SHEET.left + 12, y, width: WIDTH / 2 }, { size: 9 });
    const box = { x: SHEET.left + WIDTH / 2, y, width: WIDTH / 2 - 12 };
    sheets.write(value, box, { size: 9.5, face: 'medium', align: 'right' });
    y += ROW_HEIGHT;
  }
  return y + 18;
}

type Row = readonly [name: string, kind: string, moves: string, amount: string, balance: string];
const WIDTHS = [62, 158, 48, 112, 119.28] as const;

/** Writes a table that goes on over sheets; answers the y below it. */
function table(sheets: Sheets, from: number, title: string, head: Row, rows: readonly Row[]): number {
  const writeRow = (row: Row, y: number, style: TextStyle): void => {
    let x: number = SHEET.left;
    for (const [i, width] of WIDTHS.entries()) {
      sheets.write(row[i] ?? '', { x, y, width: width - 4 }, { ...style, align: i < 2 ? 'left' : 'right' });
      x += width;
    }
  };
  const begin = (y: number): number => {
    sheets.write(title, { x: SHEET.left, y, width: WIDTH }, { size: 10, face: 'medium' });
    writeRow(head, y + 18, { size: 7.5, colour: INK.quiet });
    sheets.rule(y + 31);
    return y + 36;
  };
  let y = begin(from + 80 > SHEET.bottom ? sheetTop(sheets) : from);
  for (const row of rows) {
    if (y + ROW_HEIGHT > SHEET.bottom) y = begin(sheetTop(sheets));
    writeRow(row, y, { size: 8.5 });
    y += ROW_HEIGHT;
  }
  return y + 14;
}

function sheetTop(sheets: Sheets): number {
  sheets.nextSheet();
  return SHEET.top;
}

function kindRows({ days }: WalletMonth): Row[] {
  const byKind = [...Map.groupBy(days, ({ kind }) => kind)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byKind.map(([kind, group]) => {
    const moves = group.reduce((sum, each) => sum + each.moves, 0);
    return ['', L.kinds[kind], countText(`${moves}`), yuan(sumOf(group, () => true)), ''];
  });
}

function dayRows({ days, openingUnits }: WalletMonth): Row[] {
  let balance: bigint = openingUnits;
  return days.map(({ date, kind, moves, amountUnits }) => {
    balance += amountUnits;
    return [date, L.kinds[kind], countText(`${moves}`), yuan(amountUnits), yuan(balance)];
  });
}

/**
 * Renders the account statement of a month: opening balance, what moved by kind and by day, closing balance. It is dated
 * by the close, or while the month is open by its beginning: the same month gives the same bytes.
 */
export async function renderStatementPdf(statement: Statement): Promise<Uint8Array> {
  const sheets = new Sheets({
    title: `${L.title} ${L.titleEn} ${statement.month}`,
    author: printable(statement.seller),
    at: statement.closedAt ?? monthInterval(statement.month).startAt,
  });
  const top = summary(sheets, statement, heading(sheets, statement));
  const below = table(sheets, top, L.byKind, ['', '', L.moves, L.amount, ''], kindRows(statement.wallet));
  const rows = dayRows(statement.wallet);
  const end = table(sheets, below, L.byDay, ['', '', L.moves, L.amount, L.balance], rows);
  sheets.write(L.note, { x: SHEET.left, y: Math.min(end, SHEET.bottom - 12), width: WIDTH }, { ...QUIET, size: 7.5 });
  return sheets.finish((number, count) => {
    const y = SHEET.bottom + 16;
    sheets.rule(y - 6);
    sheets.write(
      `${statement.month}  ${statement.buyer.id}`,
      { x: SHEET.left, y, width: WIDTH - 60 },
      { ...QUIET, size: 7 },
    );
    const place = { x: SHEET.right - 60, y, width: 60 };
    sheets.write(INVOICE_LABELS.page(number, count), place, { ...QUIET, size: 7, align: 'right' });
  });
}
