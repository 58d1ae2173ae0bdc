import 'server-only';
import { type ColumnType, ColumnTypeEnum, type SqlQuery } from '@prisma/driver-adapter-utils';
import { invariant } from '#lib/core/assert.ts';
import type { Prisma } from './generated/client.ts';
import type { Line } from './line.ts';

// Statements of a transaction that go to the driver as they are. Prisma compiles a raw statement with all its parameters
// each time it comes, which for the many rows of a round costs more than deciding them.

type Lines = WeakMap<object, Line>;

// One for the process: Next's server has this module more than once, and a transaction may be asked from another.
const holder = globalThis as typeof globalThis & { kashiLines?: Lines };
holder.kashiLines ??= new WeakMap();
const lines: Lines = holder.kashiLines;

/** Remembers the line of a transaction. Only `withTx` says it. */
export function keepLine(tx: object, line: Line): void {
  lines.set(tx, line);
}

function lineOf(tx: object): Line {
  const line = lines.get(tx);
  invariant(line !== undefined, 'only a transaction of withTx has a line');
  return line;
}

/** Parameters are sent as `pg` writes them; the statement says their types where PostgreSQL cannot see them. */
function queryOf({ text, values }: Prisma.Sql): SqlQuery {
  const argTypes = values.map(
    (value) => ({ scalarType: 'unknown', arity: Array.isArray(value) ? 'list' : 'scalar' }) as const,
  );
  return { sql: text, args: [...values], argTypes };
}

/** 64-bit integers come as bigint, times as Date, JSON as what it says: as they do through Prisma. */
const READERS: Partial<Record<ColumnType, (value: string) => unknown>> = {
  [ColumnTypeEnum.Int64]: BigInt,
  [ColumnTypeEnum.DateTime]: (value) => new Date(value),
  [ColumnTypeEnum.Json]: (value): unknown => JSON.parse(value),
};

/**
 * Asks a statement on a transaction's own connection, behind what was sent there before, by Prisma too. For statements with many
 * parameters or of every round; errors are the driver's, which `databaseErrorOf` reads as it reads Prisma's.
 */
export async function askDirectly<Row extends object>(tx: object, statement: Prisma.Sql): Promise<Row[]> {
  const { columnNames, columnTypes, rows } = await lineOf(tx).queryRaw(queryOf(statement));
  const readers = columnTypes.map((type) => READERS[type]);
  return rows.map((values) => {
    const entries = values.map((value, i) => {
      const read = readers[i];
      return [columnNames[i], read && value !== null ? read(value as string) : value] as const;
    });
    return Object.fromEntries(entries) as Row;
  });
}

/** Carries a statement out as {@link askDirectly} asks one; answers how many rows it touched. */
export function doDirectly(tx: object, statement: Prisma.Sql): Promise<number> {
  return lineOf(tx).executeRaw(queryOf(statement));
}

/**
 * Carries a statement out and does not wait for its end: what comes next goes out behind it at once, and nobody hears how
 * many rows it touched. If it fails, so does whatever is asked behind it, and the transaction, each with its error.
 */
export function sendDirectly(tx: object, statement: Prisma.Sql): void {
  lineOf(tx).send(queryOf(statement));
}
