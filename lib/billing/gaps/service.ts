import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import type { Ctx } from '#lib/core/context.ts';
import { isOnHour, parseInstant, toIso } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { ledgerRefusalOf } from '#lib/ledger/posting.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { FIGURES_MS } from '../close-checks.ts';
import { type EvidenceSubject, findSubject, viewSubject } from '../late-evidence-store.ts';
import type { Slice } from '../usage-store.ts';
import { bookGap, rateGap } from './charging.ts';
import { findGapSpan, findWaiverOf, type GapSpan, readGaps } from './store.ts';
import type { GapHour, GapKey, GapRefusal, GapsCharged } from './types.ts';

/** Charged with one click at most; the rest with the next. */
const CHARGED_AT_ONCE = 500;
/** After so many that cannot be charged, those behind them wait for another click. */
const REFUSED_MOST = 2_000;

/** A gap hour with what it belongs to, its pool's run held still; null when there is none. */
export async function lockGap(
  tx: Tx,
  { allocationId, hour }: GapKey,
): Promise<{ readonly subject: EvidenceSubject; readonly span: GapSpan } | null> {
  const hourAt = parseInstant(hour);
  if (hourAt === null || !isOnHour(hourAt)) return null;
  const subject = await findSubject(tx, allocationId);
  const span = subject && (await findGapSpan(tx, allocationId, hourAt));
  return span ? { subject, span } : null;
}

/** A page of the gap hours of a month, oldest first, each with what it would come to if it were charged next. */
export async function listGapHours(
  ctx: Ctx,
  monthText: string,
  page: Slice,
): Promise<{ rows: GapHour[]; total: number }> {
  authorize(ctx, 'period:read');
  const month = parseMonth(monthText);
  if (month === null) return { rows: [], total: 0 };
  return withTx(
    ctx,
    async (tx) => {
      const { rows: found, total } = await readGaps(tx, month, page);
      const prices = await readPriceVersions(tx);
      const rows: GapHour[] = [];
      for (const gap of found) {
        const subject = await viewSubject(tx, gap.allocationId);
        if (subject === null) continue;
        const rated = await rateGap(tx, subject, gap.allocationId, gap, prices, false);
        rows.push({ ...gap, ...rated, waiver: await findWaiverOf(tx, gap.allocationId, gap.hourAt) });
      }
      return { rows, total };
    },
    { timeoutMs: FIGURES_MS },
  );
}

/**
 * Charges an hour that was left out, by what was proven of it, as the hourly run would have: from what was set aside, or
 * from the wallet once that is settled. Refuses, in this order: no such gap (any more), a waiver of it waits, its term was refunded in full, unpaid.
 */
export async function chargeGapHour(
  ctx: Ctx,
  key: GapKey,
): Promise<Result<{ readonly amountUnits: Units }, GapRefusal>> {
  authorize(ctx, 'gap:charge');
  try {
    return await withTx(ctx, async (tx) => {
      const gap = await lockGap(tx, key);
      if (gap === null) return refuse({ code: 'gapUnknown' });
      const { subject, span } = gap;
      if (await findWaiverOf(tx, key.allocationId, span.hourAt)) return refuse({ code: 'gapWaiverWaits' });
      if (subject.isRefunded && span.isSettled) return refuse({ code: 'gapOfRefunded' });
      const rated = await rateGap(tx, subject, key.allocationId, span, await readPriceVersions(tx), false);
      const { amountUnits } = await bookGap(ctx, tx, subject, key.allocationId, span, rated);
      const said = { hour: toIso(span.hourAt), amountUnits: `${amountUnits}` };
      await record(ctx, tx, 'usage.gapCharged', key.allocationId, said, subject.organisationId);
      await notify(tx, 'kashi_change', ['usage']);
      return accept({ amountUnits });
    });
  } catch (error) {
    if (ledgerRefusalOf(error)?.code === 'insufficientFunds') return refuse({ code: 'gapUnpaid' });
    throw error;
  }
}

/**
 * Charges the gap hours of a month, oldest first, each in a transaction of its own and about {@link CHARGED_AT_ONCE} at
 * most. One that is refused stops no other.
 */
export async function chargeGapHours(ctx: Ctx, monthText: string): Promise<Result<GapsCharged, GapRefusal>> {
  authorize(ctx, 'gap:charge');
  const month = parseMonth(monthText);
  if (month === null) return refuse({ code: 'gapUnknown' });
  const sum = { charged: 0, left: 0, amount: 0n };
  while (sum.charged < CHARGED_AT_ONCE && sum.left <= REFUSED_MOST) {
    const slice = { skip: sum.left, take: CHARGED_AT_ONCE };
    const { rows } = await withTx(ctx, (tx) => readGaps(tx, month, slice), { timeoutMs: FIGURES_MS });
    if (rows.length === 0) break;
    for (const { allocationId, hourAt } of rows) {
      const result = await chargeGapHour(ctx, { allocationId, hour: toIso(hourAt) });
      if (result.ok) sum.charged += 1;
      else sum.left += 1;
      sum.amount += result.ok ? result.value.amountUnits : 0n;
    }
  }
  if (sum.charged + sum.left === 0) return refuse({ code: 'gapUnknown' });
  return accept({ charged: sum.charged, amountUnits: units(sum.amount), left: sum.left });
}
