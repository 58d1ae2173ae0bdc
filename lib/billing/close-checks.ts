import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Month, parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type ChecklistFacts, checklist, obstacleOf } from './checklist.ts';
import { readMonthFigures } from './close-figures-store.ts';
import { earlierOpen, periodState } from './period.ts';
import { type PeriodRow, readFirstMonth, readPeriods } from './store.ts';
import type { CloseRefusal } from './types.ts';

/** Reading a month of millions of charges takes longer than a statement usually may. */
export const FIGURES_MS = 600_000;

/** What every check of a month but its figures looks at. */
export function timeFacts(
  month: Month,
  first: Month,
  periods: ReadonlyMap<string, PeriodRow>,
  now: Instant,
): Omit<ChecklistFacts, 'figures'> {
  const closed = new Set([...periods.values()].filter(({ state }) => state === 'closed').map((row) => row.month));
  const state = periodState(month, periods.get(month)?.state ?? null, now);
  return { month, state, now, earlierOpen: earlierOpen(month, first, closed) };
}

/**
 * Checks everything that keeps a month open. The first difference is the one to work on. A month whose close has begun
 * was checked then and has no obstacle; one that is closed is refused as such.
 */
export async function checkClose(tx: Tx, month: Month, now: Instant): Promise<CloseRefusal | null> {
  const first = await readFirstMonth(tx);
  if (first === null || month < first) return { code: 'monthUnknown' };
  const facts = timeFacts(month, first, await readPeriods(tx), now);
  if (facts.state === 'closed') return { code: 'monthClosed' };
  if (facts.state === 'closing') return null;
  // What time and order decide needs no figures, which are seconds of work.
  const early = obstacleOf(checklist({ ...facts, figures: null }));
  return early ?? obstacleOf(checklist({ ...facts, figures: await readMonthFigures(tx, month) }));
}

/** What keeps a month from being closed now; null when nothing does. */
export async function findCloseObstacle(ctx: Ctx, monthText: string): Promise<CloseRefusal | null> {
  authorize(ctx, 'period:read');
  const month = parseMonth(monthText);
  if (month === null) return { code: 'monthUnknown' };
  return withTx(ctx, (tx) => checkClose(tx, month, ctx.now), { timeoutMs: FIGURES_MS });
}
