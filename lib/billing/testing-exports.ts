import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Decimal, decimalText, plus, readDecimal, ZERO_DECIMAL } from '#lib/core/decimal.ts';
import { type ExportWish, exportFile } from './exports.ts';

/** A file read to its end, for tests. */
export async function readFile(ctx: Ctx, wish: ExportWish, pageRows?: number) {
  const file = present(await exportFile(ctx, wish, pageRows), `the file ${wish.kind}`);
  const parts: Uint8Array[] = [];
  for await (const part of file.parts) parts.push(part);
  const bytes = Buffer.concat(parts);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { fileName: file.fileName, bytes, sha256, seal: present(file.seal(), 'a seal') };
}

/** The rows of a CSV by column. */
export const csvRows = (bytes: Buffer): Record<string, string>[] =>
  parse(bytes.toString('utf8'), { bom: true, columns: true });

/** The exact sum of a column. */
export function sumOf(rows: readonly Readonly<Record<string, string>>[], column: string): string {
  const add = (sum: Decimal, row: Readonly<Record<string, string>>): Decimal =>
    row[column] ? plus(sum, present(readDecimal(row[column]), row[column])) : sum;
  return decimalText(rows.reduce(add, ZERO_DECIMAL));
}
