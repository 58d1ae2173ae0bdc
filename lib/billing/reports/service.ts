import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { controlsOf } from './control.ts';
import { reportCsv } from './csv.ts';
import { readLedgerByKind, readMoved, readReportMonths, readStanding } from './store.ts';
import type { ReportMonth, RevenueReport } from './types.ts';

/** The months that there is a report of, newest first. */
export async function listReportMonths(ctx: Ctx): Promise<ReportMonth[]> {
  authorize(ctx, 'ledger:read');
  return withTx(ctx, readReportMonths);
}

/**
 * Revenue, deductions, tax, residue and what is deferred of a month, by the postings that count in it, each kind beside
 * the ledger's own sum. Null when `month` is no month or nothing ever counted in it.
 */
export async function getRevenueReport(ctx: Ctx, monthText: string): Promise<RevenueReport | null> {
  authorize(ctx, 'ledger:read');
  const month = parseMonth(monthText);
  if (month === null) return null;
  return withTx(ctx, async (tx) => {
    const known = (await readReportMonths(tx)).find((each) => each.month === month);
    if (!known) return null;
    const lines = [...(await readMoved(tx, month)), ...(await readStanding(tx, month))];
    const controls = controlsOf(lines, await readLedgerByKind(tx, month));
    return { month, isClosed: known.isClosed, lines, controls };
  });
}

/** The report as a file; null where there is none. */
export async function getRevenueReportCsv(
  ctx: Ctx,
  month: string,
): Promise<{ readonly fileName: string; readonly text: string } | null> {
  authorize(ctx, 'ledger:read');
  const report = await getRevenueReport(ctx, month);
  return report && { fileName: `kashi-revenue-and-tax-${report.month}.csv`, text: reportCsv(report) };
}
