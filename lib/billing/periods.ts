import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { type Month, monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type ChecklistFacts, checklist, checklistDone, obstacleOf } from './checklist.ts';
import { FIGURES_MS, timeFacts } from './close-checks.ts';
import { readAccrued, readMonthFigures } from './close-figures-store.ts';
import { type KeptSums, readKeptSums } from './close-store.ts';
import { monthsUpTo } from './period.ts';
import {
  type InvoiceTotalsOfMonth,
  readActorName,
  readInvoiceTotals,
  readPeriodOrganisations,
} from './period-store.ts';
import { type PeriodRow, readFirstMonth, readPeriods } from './store.ts';
import type { PeriodOrganisation, PeriodView } from './types.ts';

/** A month's four sums and what else its view shows of them. */
type Totals = Pick<
  PeriodView,
  'usedSeconds' | 'organisations' | 'grossUnits' | 'ledgerUnits' | 'clearedUnits' | 'checks' | 'obstacle'
>;
type Known = {
  readonly row: PeriodRow | undefined;
  readonly kept: KeptSums | undefined;
  readonly invoiced: InvoiceTotalsOfMonth | undefined;
  readonly isListed: boolean;
};

/**
 * The totals of a month whose close has begun: the sums of that moment, and the ledger's of now. In a list, a closed month's
 * are those of its close, when all were one.
 */
async function totalsBegun(tx: Tx, month: Month, { row, kept, isListed }: Known): Promise<Totals> {
  const sums = kept ?? { charges: 0n, usedSeconds: 0n, amountUnits: units(0n), organisations: 0 };
  const atClose = { accruedUnits: sums.amountUnits, clearedUnits: sums.amountUnits };
  const isKept = isListed && row?.state === 'closed';
  const { accruedUnits, clearedUnits } = isKept ? atClose : await readAccrued(tx, month);
  const [chargesUnits, ledgerUnits] = [sums.amountUnits, units(accruedUnits)];
  return {
    usedSeconds: sums.usedSeconds,
    organisations: sums.organisations,
    grossUnits: chargesUnits,
    ledgerUnits,
    clearedUnits: units(clearedUnits),
    checks: checklistDone({ charges: sums.charges, chargesUnits, ledgerUnits }),
    obstacle: row?.state === 'closed' ? { code: 'monthClosed' } : null,
  };
}

async function totalsOpen(tx: Tx, facts: Omit<ChecklistFacts, 'figures'>): Promise<Totals> {
  const figures = await readMonthFigures(tx, facts.month);
  const checks = checklist({ ...facts, figures });
  const { usedSeconds, organisations, chargesUnits, ledgerUnits, clearedUnits } = figures;
  const obstacle = obstacleOf(checks);
  return { usedSeconds, organisations, grossUnits: chargesUnits, ledgerUnits, clearedUnits, checks, obstacle };
}

async function viewOf(tx: Tx, facts: Omit<ChecklistFacts, 'figures'>, known: Known): Promise<PeriodView> {
  const { month, state } = facts;
  const { row, invoiced } = known;
  return {
    month,
    state,
    cutoffAt: monthCutoffAt(month),
    begunAt: row?.cutoffAt ?? null,
    closedAt: row?.closedAt ?? null,
    closedBy: row?.closedBy ? await readActorName(tx, row.closedBy) : null,
    invoices: invoiced?.invoices ?? 0,
    invoicedFen: fen(invoiced?.invoicedFen ?? 0n),
    taxFen: fen(invoiced?.taxFen ?? 0n),
    invoicedUnits: units(invoiced?.invoicedUnits ?? 0n),
    residueUnits: units(invoiced?.residueUnits ?? 0n),
    ...(row ? await totalsBegun(tx, month, known) : await totalsOpen(tx, facts)),
  };
}

/** The views of some of all months, in their order. */
async function viewMonths(tx: Tx, now: Instant, months: readonly Month[], isListed: boolean): Promise<PeriodView[]> {
  const [first, rows] = [await readFirstMonth(tx), await readPeriods(tx)];
  const [kept, invoices] = [await readKeptSums(tx, months), await readInvoiceTotals(tx, months)];
  const views: PeriodView[] = [];
  for (const month of first === null ? [] : months) {
    const known = { row: rows.get(month), kept: kept.get(month), invoiced: invoices.get(month), isListed };
    views.push(await viewOf(tx, timeFacts(month, first ?? month, rows, now), known));
  }
  return views;
}

async function readMonths(tx: Tx, now: Instant): Promise<Month[]> {
  const first = await readFirstMonth(tx);
  return first === null ? [] : monthsUpTo(first, now);
}

/**
 * Every month from the first with usage to the running one, newest first, with its control totals, its checklist and the
 * one thing that keeps it open.
 */
export async function listPeriods(ctx: Ctx): Promise<PeriodView[]> {
  authorize(ctx, 'period:read');
  return withTx(ctx, async (tx) => viewMonths(tx, ctx.now, await readMonths(tx, ctx.now), true), {
    timeoutMs: FIGURES_MS,
  });
}

/** One month with a page of the organisations that used something in it; null when there is no such month. */
export async function findPeriod(
  ctx: Ctx,
  monthText: string,
  page: { readonly skip: number; readonly take: number },
): Promise<{ period: PeriodView; organisations: PeriodOrganisation[] } | null> {
  authorize(ctx, 'period:read');
  const month = parseMonth(monthText);
  if (!month) return null;
  return withTx(
    ctx,
    async (tx) => {
      if (!(await readMonths(tx, ctx.now)).includes(month)) return null;
      const period = present((await viewMonths(tx, ctx.now, [month], false))[0], 'the month');
      const isBegun = period.begunAt !== null;
      return { period, organisations: await readPeriodOrganisations(tx, month, isBegun, page.skip, page.take) };
    },
    { timeoutMs: FIGURES_MS },
  );
}
