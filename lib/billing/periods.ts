import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { type Month, monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { checkClose } from './close.ts';
import { monthsUpTo, periodState } from './period.ts';
import {
  type MonthTotals,
  readActorName,
  readInvoiceTotals,
  readKeptTotals,
  readMonthTotals,
  readPeriodOrganisations,
} from './period-store.ts';
import { readFirstMonth, readPeriods } from './store.ts';
import type { PeriodOrganisation, PeriodView } from './types.ts';

type Invoiced = Awaited<ReturnType<typeof readInvoiceTotals>> extends Map<string, infer T> ? T : never;
type Kept = Awaited<ReturnType<typeof readPeriods>> extends Map<string, infer T> ? T : never;

/** The totals of a closed month without summing it again: what was kept at the close, and what its invoices say. */
function totalsAtClose(
  kept: { readonly chargesUnits: bigint; readonly ledgerUnits: bigint },
  invoiced: Invoiced | undefined,
): MonthTotals {
  return {
    ...kept,
    clearedUnits: invoiced?.invoicedUnits ?? 0n,
    usedSeconds: invoiced?.usedSeconds ?? 0n,
    organisations: invoiced?.invoices ?? 0,
  };
}

async function viewOf(
  ctx: Ctx,
  tx: Tx,
  month: Month,
  known: { readonly row: Kept | undefined; readonly totals: MonthTotals; readonly invoiced: Invoiced | undefined },
): Promise<PeriodView> {
  const { row, totals, invoiced } = known;
  return {
    month,
    state: periodState(month, row?.state ?? null, ctx.now),
    cutoffAt: monthCutoffAt(month),
    closedAt: row?.closedAt ?? null,
    closedBy: row?.closedBy ? await readActorName(tx, row.closedBy) : null,
    usedSeconds: totals.usedSeconds,
    organisations: totals.organisations,
    grossUnits: units(totals.chargesUnits),
    ledgerUnits: units(totals.ledgerUnits),
    clearedUnits: units(totals.clearedUnits),
    invoices: invoiced?.invoices ?? 0,
    invoicedFen: fen(invoiced?.invoicedFen ?? 0n),
    taxFen: fen(invoiced?.taxFen ?? 0n),
    invoicedUnits: units(invoiced?.invoicedUnits ?? 0n),
    residueUnits: units(invoiced?.residueUnits ?? 0n),
    obstacle: await checkClose(tx, month, ctx.now),
  };
}

async function readMonths(tx: Tx, now: Instant): Promise<Month[]> {
  const first = await readFirstMonth(tx);
  return first === null ? [] : monthsUpTo(first, now);
}

/**
 * Every month from the first with usage to the running one, newest first, with its control totals and the one thing that
 * keeps it open. A closed month shows what was kept at its close; {@link findPeriod} sums it again.
 */
export async function listPeriods(ctx: Ctx): Promise<PeriodView[]> {
  authorize(ctx, 'period:read');
  return withTx(ctx, async (tx) => {
    const months = await readMonths(tx, ctx.now);
    const [rows, kept] = [await readPeriods(tx), await readKeptTotals(tx, months)];
    const invoices = await readInvoiceTotals(tx, months);
    const views: PeriodView[] = [];
    for (const month of months) {
      const [atClose, invoiced] = [kept.get(month), invoices.get(month)];
      const totals = atClose ? totalsAtClose(atClose, invoiced) : await readMonthTotals(tx, month);
      views.push(await viewOf(ctx, tx, month, { row: rows.get(month), totals, invoiced }));
    }
    return views;
  });
}

/** One month, summed now, with a page of the organisations that used something in it; null when there is no such month. */
export async function findPeriod(
  ctx: Ctx,
  monthText: string,
  page: { readonly skip: number; readonly take: number },
): Promise<{ period: PeriodView; organisations: PeriodOrganisation[] } | null> {
  authorize(ctx, 'period:read');
  const month = parseMonth(monthText);
  if (!month) return null;
  return withTx(ctx, async (tx) => {
    if (!(await readMonths(tx, ctx.now)).includes(month)) return null;
    const row = (await readPeriods(tx)).get(month);
    const invoiced = (await readInvoiceTotals(tx, [month])).get(month);
    const totals = await readMonthTotals(tx, month);
    return {
      period: await viewOf(ctx, tx, month, { row, totals, invoiced }),
      organisations: await readPeriodOrganisations(tx, month, page.skip, page.take),
    };
  });
}
