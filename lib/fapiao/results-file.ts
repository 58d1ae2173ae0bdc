import { parse } from 'csv-parse/sync';
import { fen, parseFen } from '#lib/core/money.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { COLUMNS, type ColumnName, columnsIn } from './columns.ts';
import type { IssueResult, ResultProblem } from './provider.ts';
import type { FapiaoRefusal } from './types.ts';

/** The most rows that one file may have. */
export const RESULT_ROWS_MAX = 2_000;
const PREFACE_ROWS_MAX = 20;
const NEEDED = ['xsdh', 'fphm', 'jshj'] as const satisfies readonly ColumnName[];
const REASON_MAX = 200;

/** `2026-11-21`, `2026/1/5 10:00`, `2026年1月5日` as `YYYY-MM-DD`; null when it is no date of the calendar. */
export function readDate(text: string): string | null {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?$/.exec(text);
  if (!match) return null;
  const [, year = '', month = '', day = ''] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return parseShanghaiDate(date) === null ? null : date;
}

/** Text as it was meant: without the mark or the tab that keep a spreadsheet from making a number of it. */
const bare = (cell: string | undefined): string => (cell ?? '').trim().replace(/^'/, '').trim();

function isLink(text: string): boolean {
  return text.length <= 500 && URL.canParse(text) && new URL(text).protocol === 'https:';
}

/**
 * A spreadsheet that made a number of 20 digits wrote it short, or kept 15 of them. A number that does end in five zeros
 * has an apostrophe before it, as text in a spreadsheet has.
 */
const isMangled = (raw: string, number: string): boolean =>
  /e\+?\d+$/i.test(number) || (/0{5}$/.test(number) && !raw.trim().startsWith("'"));

function readRow(raw: (name: ColumnName) => string): IssueResult['read'] {
  const cell = (name: ColumnName): string => bare(raw(name));
  const broken = (problem: ResultProblem) => ({ isRead: false, problem }) as const;
  const [number, reason, link] = [cell('fphm'), cell('sbyy'), cell('url')];
  if (cell('xsdh') === '') return broken('salesNumberMissing');
  if (number === '' && reason === '') return broken('outcomeMissing');
  if (number !== '' && reason !== '') return broken('outcomeDouble');
  if (number === '') {
    if (reason.length > REASON_MAX) return broken('reasonTooLong');
    return { isRead: true, outcome: { kind: 'refused', reason } };
  }
  if (isMangled(raw('fphm'), number)) return broken('numberMangled');
  if (!/^\d{20}$/.test(number)) return broken('numberMalformed');
  const issuedOn = readDate(cell('kprq'));
  if (issuedOn === null) return broken('dateUnreadable');
  const [, sign, digits = ''] = /^(-?)[¥￥]?([\d,]+(?:\.\d+)?)$/.exec(cell('jshj')) ?? [];
  const amount = parseFen(digits.replaceAll(',', ''));
  if (amount === null) return broken('amountUnreadable');
  if (link !== '' && !isLink(link)) return broken('linkMalformed');
  const grossFen = fen(sign === '-' ? -amount : amount);
  return { isRead: true, outcome: { kind: 'issued', number, issuedOn, grossFen, documentUrl: link || null } };
}

/** Reads what came of orders: finds the heading, then every row by itself. A broken row stops no other. */
export function readResults(text: string): Result<IssueResult[], FapiaoRefusal> {
  let cells: string[][];
  try {
    const head = text.slice(0, 2_000);
    const delimiter = [',', '\t', ';'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ',';
    cells = parse(text, { bom: true, delimiter, relax_column_count: true, relax_quotes: true });
  } catch {
    return refuse({ code: 'fapiaoFileUnreadable' });
  }
  const headings = cells.slice(0, PREFACE_ROWS_MAX).map(columnsIn);
  const at = headings.findIndex(({ size }) => size === Math.max(...headings.map((found) => found.size)));
  const columns = headings[at];
  if (!columns || columns.size === 0) return refuse({ code: 'fapiaoFileUnreadable' });
  const missing = NEEDED.filter((name) => !columns.has(name));
  if (missing.length > 0)
    return refuse({ code: 'fapiaoColumnsMissing', columns: missing.map((name) => COLUMNS[name][0]).join('、') });
  const body = cells.slice(at + 1);
  if (body.length > RESULT_ROWS_MAX) return refuse({ code: 'fapiaoFileTooLong', rowsMax: RESULT_ROWS_MAX });
  return accept(
    body.map((row, i) => {
      const raw = (name: ColumnName): string => row[columns.get(name) ?? -1] ?? '';
      return { row: at + i + 2, salesNumber: bare(raw('xsdh')), read: readRow(raw) };
    }),
  );
}
