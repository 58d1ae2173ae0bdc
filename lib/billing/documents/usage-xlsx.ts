import { decimal, decimalText } from '#lib/core/decimal.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import type { UsageRecord } from '../types.ts';
import { type ControlLine, controlSheet } from './control-sheet.ts';
import { beijingCell, type Cell, count, type Row, type Sheet, text, workbook } from './xlsx.ts';

const PRICE_DIGITS = 10;

const decimalCell = (value: bigint, digits: number): Cell => ({
  number: decimalText(decimal(value, digits)),
  look: 'price',
});

/** Writes a value as before while it stays the same: charges come hour after hour, most of them at one price. */
function remembered<T, Out>(write: (value: T) => Out): (value: T) => Out {
  let last: { readonly value: T; readonly written: Out } | null = null;
  return (value) => {
    if (last === null || last.value !== value) last = { value, written: write(value) };
    return last.written;
  };
}

const hourCell = remembered(beijingCell);
const startCell = remembered((at: Instant) => text(toIso(at)));
const endCell = remembered((at: Instant) => text(toIso(at)));
const priceCell = remembered((price: bigint): Cell => decimalCell(price, PRICE_DIGITS));
const bandCell = remembered((bps: number): Cell => decimalCell(BigInt(bps), 4));

const yuan = (amount: bigint): Cell => ({ number: decimalText(decimal(amount, 8)), look: 'units' });

/** The columns: name, width, cell. Ids and names are text, amounts are numbers with every digit of the ledger. */
const COLUMNS: readonly (readonly [name: string, width: number, cell: (row: UsageRecord) => Cell])[] = [
  ['账期 Month', 10, (row) => text(row.month)],
  ['客户 Customer', 24, (row) => text(row.organisationName)],
  ['客户号 Customer ID', 32, (row) => text(row.organisationId)],
  ['预订 Reservation', 24, (row) => text(row.reservationName)],
  ['预订号 Reservation ID', 32, (row) => text(row.reservationId)],
  ['型号 Model', 16, (row) => text(row.model)],
  ['方式 Purchase', 12, (row) => text(row.purchase === 'by-hour' ? '按时 hour' : '按卡 card')],
  ['卡号 Card ID', 32, (row) => text(row.cardId)],
  ['分配号 Allocation ID', 32, (row) => text(row.allocationId)],
  ['小时（北京） Hour (Beijing)', 20, (row) => hourCell(row.hourAt)],
  ['开始（UTC） Start (UTC)', 25, (row) => startCell(row.startAt)],
  ['结束（UTC） End (UTC)', 25, (row) => endCell(row.endAt)],
  ['使用秒 Used s', 10, (row) => count(row.usedSeconds)],
  ['未使用秒 Unused s', 10, (row) => count(row.unusedSeconds)],
  ['故障秒 Down s', 10, (row) => count(row.downSeconds)],
  ['单价（含税） Price ¥/卡时', 16, (row) => priceCell(row.priceE10PerCardHour)],
  ['时段系数 Band', 8, (row) => bandCell(row.bandBps)],
  ['金额（含税） Amount ¥', 18, (row) => yuan(row.amountUnits)],
  ['修订 Revision', 8, (row) => count(row.revision)],
  ['分录号 Journal', 40, (row) => text(row.journalKey)],
];

/** A sheet holds 1,048,576 rows; the rest goes on in the next. */
const ROWS_PER_SHEET = 1_000_000;

/** What the rows of a workbook sum to. */
export type UsageTally = {
  rows: number;
  usedSeconds: bigint;
  unusedSeconds: bigint;
  downSeconds: bigint;
  amountUnits: bigint;
};

/** Reads records one by one from pages, knowing whether one more is there. */
class RecordReader {
  readonly #pages: AsyncIterator<readonly UsageRecord[]>;
  #page: readonly UsageRecord[] = [];
  #at = 0;

  constructor(pages: AsyncIterable<readonly UsageRecord[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The next page's rows that fit; none at the end. */
  async take(most: number): Promise<readonly UsageRecord[]> {
    while (this.#at === this.#page.length) {
      const { value, done } = await this.#pages.next();
      if (done) return [];
      [this.#page, this.#at] = [value, 0];
    }
    const taken = this.#page.slice(this.#at, this.#at + most);
    this.#at += taken.length;
    return taken;
  }
}

async function* sheetRows(
  first: readonly UsageRecord[],
  reader: RecordReader,
  tally: UsageTally,
  rowsMax: number,
): AsyncGenerator<readonly Row[]> {
  let left = rowsMax;
  for (let records = first; records.length > 0; records = left > 0 ? await reader.take(left) : []) {
    left -= records.length;
    yield records.map((record) => {
      tally.rows += 1;
      tally.usedSeconds += BigInt(record.usedSeconds);
      tally.unusedSeconds += BigInt(record.unusedSeconds);
      tally.downSeconds += BigInt(record.downSeconds);
      tally.amountUnits += record.amountUnits;
      return COLUMNS.map(([, , cell]) => cell(record));
    });
  }
}

/** A month's usage as a workbook: a row a usage charge, then a sheet on which its sums stand against ledger and invoice. */
export function usageWorkbook(
  title: string,
  pages: AsyncIterable<readonly UsageRecord[]>,
  control: (tally: UsageTally) => readonly ControlLine[],
  tally: UsageTally,
  rowsPerSheet = ROWS_PER_SHEET,
): AsyncGenerator<Uint8Array> {
  async function* sheets(): AsyncGenerator<Sheet> {
    const reader = new RecordReader(pages);
    const head = COLUMNS.map(([name]) => name);
    const widths = COLUMNS.map(([, width]) => width);
    for (let number = 1, first = await reader.take(rowsPerSheet); number === 1 || first.length > 0; number += 1) {
      const name = number === 1 ? '用量 Usage' : `用量 Usage ${number}`;
      yield { name, widths, head, rows: sheetRows(first, reader, tally, rowsPerSheet) };
      first = await reader.take(rowsPerSheet);
    }
    yield controlSheet(control(tally));
  }
  return workbook(title, sheets());
}
