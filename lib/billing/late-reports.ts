import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, plusMs } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { readDueReports, readReports, type WaitingReport, writeNext, writeOutcome } from './late-report-store.ts';
import type { LateReportView } from './late-report-types.ts';

const TAKEN_AT_ONCE = 100;
/**
 * How far back a report may reach and be taken by itself: as long as a month collects. A clock that is years off must
 * not pay back years; whoever knows better takes such a report by the command.
 */
const REACH_MS = 36 * HOUR_MS;
/** A wallet that cannot pay is asked again every hour, for a day. */
const ASK_AGAIN_MS = HOUR_MS;
const ASKED_MOST = 24;

/** Takes one report; what it came to is kept with it. A repeat after a crash finds the evidence known and ends there. */
async function takeOne(ctx: Ctx, report: WaitingReport): Promise<void> {
  const { id, reportedAt, attempts, ...late } = report;
  if (reportedAt - late.startAt > REACH_MS) return withTx(ctx, (tx) => writeOutcome(tx, id, 'tooOld', ctx.now));
  const result = await recordLateEvidence(ctx, late);
  const outcome = result.ok ? 'taken' : result.refusal.code;
  const mayPayLater = outcome === 'lateChargeUnpaid' && attempts + 1 < ASKED_MOST;
  await withTx(ctx, (tx) =>
    mayPayLater ? writeNext(tx, id, plusMs(ctx.now, ASK_AGAIN_MS)) : writeOutcome(tx, id, outcome, ctx.now),
  );
}

/**
 * Takes what devices reported late as corrections of evidence, the longest waiting first and {@link TAKEN_AT_ONCE} at most:
 * hours that are charged get their revision, in their own month or, once its close has begun, in the next open one.
 * Answers how many it looked at.
 */
export async function takeLateReports(ctx: Ctx): Promise<number> {
  authorize(ctx, 'evidence:correct');
  const due = await withTx(ctx, (tx) => readDueReports(tx, ctx.now, TAKEN_AT_ONCE));
  for (const report of due) await takeOne(ctx, report);
  return due.length;
}

/** A page of what devices reported late, newest first, with what became of it. */
export async function listLateReports(
  ctx: Ctx,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: LateReportView[]; total: number }> {
  authorize(ctx, 'evidence:read');
  return withTx(ctx, (tx) => readReports(tx, page));
}
