import { parse } from 'csv-parse/sync';
import { HOUR_MS, type Instant, instant, parseInstant } from '#lib/core/instant.ts';
import { type Fen, parseFen } from '#lib/core/money.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { type BankLineInput, bankLineInput, type PaymentRefusal, TOP_UP_FEN_MAX } from './types.ts';

/** The most rows that one import takes. */
export const STATEMENT_ROWS_MAX = 500;
/** Banks put their name and the account above the heading. */
const PREFACE_ROWS_MAX = 20;

/** The columns that are read, by what banks call them. The first name of each is the template's. */
const COLUMNS = {
  bankReference: ['bank reference', '流水号', '交易流水号', '银行流水号', '凭证号', 'reference'],
  receivedAt: ['received at', '到账时间', '交易时间', '交易日期', '入账时间', 'date'],
  amountYuan: ['amount', '到账金额', '收入金额', '贷方发生额', '贷方金额', '金额', '收入'],
  payerName: ['payer', '付款人', '付款人名称', '对方户名', '对方名称', 'payer name'],
  remark: ['remark', '附言', '摘要', '备注', '用途', '交易附言'],
} as const;
type ColumnName = keyof typeof COLUMNS;
const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

/** An empty statement with the heading that is understood. */
export const STATEMENT_TEMPLATE = `${COLUMN_NAMES.map((name) => COLUMNS[name][0]).join(',')}\n`;

/** What is wrong with a row of a statement. Money that went out is not wrong, it is only none of ours. */
export type RowProblem =
  | 'referenceMissing'
  | 'timeUnreadable'
  | 'inFuture'
  | 'amountUnreadable'
  | 'amountOutOfRange'
  | 'payerMissing'
  | 'tooLong'
  | 'notIncoming';

export type StatementRow = {
  /** Its line in the file as a spreadsheet counts, the heading included. */
  readonly row: number;
  /** What the file says, as it says it. */
  readonly text: Readonly<Record<ColumnName, string>>;
  readonly read:
    | { readonly isRead: true; readonly input: BankLineInput }
    | { readonly isRead: false; readonly problem: RowProblem };
};

/** A time as banks write it, in Beijing: `2026-11-21 14:00:05`, `2026/11/21`, or ISO with its zone; null otherwise. */
export function parseBeijingTime(text: string): Instant | null {
  const match = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ]+(\d{2}):?(\d{2})(?::?(\d{2}))?)?$/.exec(text.trim());
  if (!match) return parseInstant(text.trim());
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = match;
  const midnight = parseShanghaiDate(`${year}-${month}-${day}`);
  const [h, m, s] = [hour, minute, second].map((part) => Number.parseInt(part, 10)) as [number, number, number];
  if (midnight === null || h > 23 || m > 59 || s > 59) return null;
  return instant(midnight + h * HOUR_MS + (m * 60 + s) * 1_000);
}

/** What a bank line comes to, or why it cannot be booked. */
export function checkBankLine(input: BankLineInput, now: Instant): Result<Fen, PaymentRefusal> {
  const amountFen = parseFen(input.amountYuan);
  if (amountFen === null || amountFen < 1n || amountFen > TOP_UP_FEN_MAX)
    return refuse({ code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` });
  return input.receivedAt > now ? refuse({ code: 'receivedInFuture' }) : accept(amountFen);
}

/** Reads a file's bytes as text: UTF-8 where it is, else GB18030, which most banks export; null when it is neither. */
export function decodeStatement(bytes: Uint8Array): string | null {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\u0000')) return text;
    } catch {
      // The next encoding may fit.
    }
  }
  return null;
}

const bare = (cell: string | undefined): string => (cell ?? '').trim().toLowerCase();

/** Where each column stands in a heading; a name that is missing has none. */
function columnsIn(cells: readonly string[]): Map<ColumnName, number> {
  const found = new Map<ColumnName, number>();
  for (const name of COLUMN_NAMES) {
    const known: readonly string[] = COLUMNS[name];
    const at = cells.findIndex((cell) => known.includes(bare(cell)));
    if (at >= 0) found.set(name, at);
  }
  return found;
}

function readRow(text: Readonly<Record<ColumnName, string>>, now: Instant): StatementRow['read'] {
  const broken = (problem: RowProblem) => ({ isRead: false, problem }) as const;
  const amountYuan = text.amountYuan.replace(/^[¥￥]/, '').replaceAll(/[,\s]/g, '');
  if (amountYuan === '' || /^-|^0+(\.0+)?$/.test(amountYuan)) return broken('notIncoming');
  if (text.bankReference === '') return broken('referenceMissing');
  const receivedAt = parseBeijingTime(text.receivedAt);
  if (receivedAt === null) return broken('timeUnreadable');
  if (!/^\d+(\.\d{1,2})?$/.test(amountYuan)) return broken('amountUnreadable');
  if (text.payerName === '') return broken('payerMissing');
  const parsed = bankLineInput.safeParse({ ...text, receivedAt, amountYuan });
  if (!parsed.success) return broken('tooLong');
  const checked = checkBankLine(parsed.data, now);
  if (checked.ok) return { isRead: true, input: parsed.data };
  return broken(checked.refusal.code === 'receivedInFuture' ? 'inFuture' : 'amountOutOfRange');
}

/** Reads a bank statement: finds its heading, then every row by itself. A broken row does not stop the others. */
export function parseStatement(text: string, now: Instant): Result<StatementRow[], PaymentRefusal> {
  let cells: string[][];
  try {
    const firstLine = text.slice(0, 2_000);
    const delimiter =
      [',', '\t', ';'].toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0] ?? ',';
    cells = parse(text, { bom: true, delimiter, relax_column_count: true, relax_quotes: true });
  } catch {
    return refuse({ code: 'statementUnreadable' });
  }
  const headings = cells.slice(0, PREFACE_ROWS_MAX).map(columnsIn);
  const at = headings.findIndex(({ size }) => size === Math.max(...headings.map((found) => found.size)));
  const columns = headings[at];
  if (!columns || columns.size === 0) return refuse({ code: 'statementUnreadable' });
  const missing = COLUMN_NAMES.filter((name) => name !== 'remark' && !columns.has(name));
  if (missing.length > 0)
    return refuse({ code: 'statementColumnsMissing', columns: missing.map((name) => COLUMNS[name][0]).join(', ') });
  const body = cells.slice(at + 1);
  if (body.length > STATEMENT_ROWS_MAX) return refuse({ code: 'statementTooLong', rowsMax: STATEMENT_ROWS_MAX });
  return accept(
    body.map((row, i) => {
      const cell = (name: ColumnName): string => (row[columns.get(name) ?? -1] ?? '').trim();
      const read = Object.fromEntries(COLUMN_NAMES.map((name) => [name, cell(name)])) as Record<ColumnName, string>;
      return { row: at + i + 2, text: read, read: readRow(read, now) };
    }),
  );
}
