import { parse } from 'csv-parse/sync';
import { type Instant, parseInstant } from '#lib/core/instant.ts';
import { type Fen, fen, parseFen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { SettlementKind, SettlementRefusal, SettlementRow } from './types.ts';

/** The most transactions of one file. */
export const SETTLEMENT_ROWS_MAX = 20_000;

/** The columns that are read, by the names of Stripe's exports and reports, where they differ both. */
const COLUMNS = {
  id: ['id', 'balance_transaction_id'],
  type: ['type', 'reporting_category'],
  source: ['source', 'source_id'],
  gross: ['amount', 'gross'],
  fee: ['fee'],
  net: ['net'],
  currency: ['currency'],
  created: ['created (utc)', 'created_utc'],
} as const;
type ColumnName = keyof typeof COLUMNS;
const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

/** The heading of a file that is understood; a column that names our payment may have any name. */
export const SETTLEMENT_TEMPLATE = 'id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),client_reference_id\n';

const KINDS: Readonly<Record<string, SettlementKind>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  stripe_fee: 'fee',
  fee: 'fee',
  payout: 'payout',
  transfer: 'payout',
};

const OUR_ID = /\b(?:pay|rfd)_[0-9a-z]{1,48}\b/;

/** An amount in yuan as the file has it, `-1,280.50`; null when it is none. */
function readAmount(text: string): Fen | null {
  const bare = text.replaceAll(',', '');
  const amount = parseFen(bare.replace(/^-/, ''));
  if (amount === null) return null;
  return bare.startsWith('-') ? fen(-amount) : amount;
}

/** A time in UTC: `2026-11-21 06:00`, with seconds or without, or ISO with its zone. */
function readUtc(text: string): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)$/.exec(text);
  return match ? parseInstant(`${match[1]}T${match[2]}Z`) : parseInstant(text);
}

type Cells = Readonly<Record<ColumnName, string>>;

function readRow(cells: Cells, all: readonly string[], row: number): Result<SettlementRow, SettlementRefusal> {
  const wrong = (column: ColumnName) =>
    refuse({ code: 'settlementRowWrong' as const, row, column: COLUMNS[column][0] });
  if (cells.id === '' || cells.id.length > 200) return wrong('id');
  if (cells.currency.toLowerCase() !== 'cny') return wrong('currency');
  const [grossFen, feeFen, netFen] = [readAmount(cells.gross), readAmount(cells.fee), readAmount(cells.net)];
  if (grossFen === null) return wrong('gross');
  if (feeFen === null) return wrong('fee');
  if (netFen === null || grossFen - feeFen !== netFen) return wrong('net');
  const at = readUtc(cells.created);
  if (at === null) return wrong('created');
  const kind = KINDS[cells.type.toLowerCase()] ?? 'other';
  const ourId = OUR_ID.exec(all.join(' '))?.[0] ?? null;
  const { id: transactionId, source } = cells;
  return accept({ transactionId, row, kind, source: source.slice(0, 200), ourId, grossFen, feeFen, netFen, at });
}

/**
 * Reads a file of balance transactions. It is taken whole or not at all: refuses, in this order, what is no table, missing
 * columns, too many rows, and the first row that cannot be read or stands twice, by its column.
 */
export function parseSettlement(text: string): Result<SettlementRow[], SettlementRefusal> {
  let table: string[][];
  try {
    table = parse(text, { bom: true, skip_empty_lines: true });
  } catch {
    return refuse({ code: 'settlementUnreadable' });
  }
  const [heading, ...body] = table;
  if (!heading || body.length === 0) return refuse({ code: 'settlementUnreadable' });
  const bare = heading.map((cell) => cell.trim().toLowerCase());
  const placeOf = (name: ColumnName): number =>
    bare.findIndex((cell) => (COLUMNS[name] as readonly string[]).includes(cell));
  const missing = COLUMN_NAMES.filter((name) => placeOf(name) < 0).map((name) => COLUMNS[name][0]);
  if (missing.length > 0) return refuse({ code: 'settlementColumnsMissing', columns: missing.join(', ') });
  if (body.length > SETTLEMENT_ROWS_MAX) return refuse({ code: 'settlementTooLong', rowsMax: SETTLEMENT_ROWS_MAX });
  const places = COLUMN_NAMES.map((name) => [name, placeOf(name)] as const);
  const rows = new Map<string, SettlementRow>();
  for (const [i, line] of body.entries()) {
    const cells = Object.fromEntries(places.map(([name, at]) => [name, (line[at] ?? '').trim()])) as Cells;
    const read = readRow(cells, line, i + 2);
    if (!read.ok) return read;
    if (rows.has(read.value.transactionId)) return refuse({ code: 'settlementRowWrong', row: i + 2, column: 'id' });
    rows.set(read.value.transactionId, read.value);
  }
  return accept([...rows.values()]);
}
