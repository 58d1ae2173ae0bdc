import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { parseId } from '#lib/core/id.ts';
import { parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { usageCsvHead, usageCsvLines } from './documents/usage-csv.ts';
import { readUsageAfter, type UsageCursor, type UsageWalk } from './export-store.ts';

/** So many rows are in memory at a time, however long the file is. */
const PAGE_ROWS = 4_000;

/** A file that is written while it is read. */
export type FileStream = { readonly fileName: string; readonly parts: AsyncIterable<string> };

/** Walks a month's charges page by page, each in a transaction of its own: a slow reader holds nothing open. */
async function* csvParts(ctx: Ctx, walk: UsageWalk, pageRows: number): AsyncGenerator<string> {
  yield usageCsvHead();
  for (let cursor: UsageCursor | null = null, isMore = true; isMore; ) {
    const rows = await withTx(ctx, (tx) => readUsageAfter(tx, walk, cursor, pageRows));
    cursor = rows.at(-1) ?? cursor;
    isMore = rows.length === pageRows;
    if (rows.length > 0) yield usageCsvLines(rows);
  }
}

/**
 * The usage of a month as CSV, one row a usage charge, in order of time: a customer's own; for finance one
 * organisation's, or everybody's. It holds what is charged by now; of a closed month it is always the same, and its
 * amounts sum to the invoice before its residue. Null when `month` is no month or the organisation is no id.
 */
export async function exportUsage(
  ctx: Ctx,
  wish: { readonly month: string; readonly organisationId?: string | null },
  pageRows = PAGE_ROWS,
): Promise<FileStream | null> {
  authorize(ctx, 'usage:read');
  const month = parseMonth(wish.month);
  if (month === null) return null;
  const asked = wish.organisationId ?? null;
  const organisationId =
    ctx.scope.kind === 'organisation'
      ? ctx.scope.organisationId
      : asked === null
        ? null
        : parseId('organisation', asked);
  if (asked !== null && organisationId === null) return null;
  const isOwn = ctx.scope.kind === 'organisation';
  const fileName = `kashi-usage-${month}${isOwn ? '' : `-${organisationId ?? 'all'}`}.csv`;
  return { fileName, parts: csvParts(ctx, { organisationId, month, knownAt: ctx.now }, pageRows) };
}
