import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import { createQuote } from '#lib/catalog/service.ts';
import type { Sku } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval, monthOf, nextMonth } from '#lib/core/period.ts';
import { closePeriod } from '#lib/billing/close.ts';
import { actAsMember, actAsStaff } from '#lib/identity/acting.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { demandClock, readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { listen } from '#lib/platform/notifications.ts';
import { reserve } from '#lib/reservations/service.ts';
import { emailOf, FINANCE_EMAIL } from './market.ts';
import type { TraceJob } from './trace.ts';

/** What came of a job: its reservation, or the reason why there is none. */
export type JobOutcome =
  | { readonly ok: true; readonly reservationId: string }
  | { readonly ok: false; readonly reason: string };

let seeding: Ctx | null = null;

/** The job that plays the trace's people; its own `now` is not used. */
async function seedingCtx(): Promise<Ctx> {
  seeding ??= await systemCtx('seeding');
  return seeding;
}

/** Asks the engine to run business time to `to`, and waits until it is there. */
async function runClockTo(to: Instant): Promise<void> {
  const ctx = await seedingCtx();
  let wakeUp = new AbortController();
  const stop = listen('kashi_change', (what) => {
    if (what === 'clock-stepped') wakeUp.abort();
  });
  try {
    const now = await withTx(ctx, async (tx) => {
      const current = await readNow(tx);
      if (current < to) await demandClock(tx, to, 0);
      return current;
    });
    for (let current = now; current < to; current = await withTx(ctx, readNow)) {
      await sleep(500, undefined, { signal: wakeUp.signal }).catch(() => {});
      wakeUp = new AbortController();
    }
  } finally {
    stop();
  }
}

/** Books one job for its user, from now on. The job's id is the key: a repeat finds the first answer. */
async function submitJob(job: TraceJob, sku: Sku['id']): Promise<JobOutcome> {
  const ctx = await actAsMember(await seedingCtx(), { email: emailOf(job) });
  const wish = {
    skuId: sku,
    cards: job.cards,
    topology: 'any',
    startAt: null,
    durationSeconds: job.durationSeconds,
    term: null,
    imageId: null,
  } as const;
  const quote = await createQuote(ctx, wish);
  if (!quote.ok) return { ok: false, reason: quote.refusal.code };
  for (;;) {
    const answer = await reserve(ctx, {
      quoteId: quote.value.id,
      name: job.jobId,
      idempotencyKey: `replay:${job.jobId}:${quote.value.id}`,
    });
    if (answer.ok) return { ok: true, reservationId: answer.value.reservationId ?? '' };
    // The engine may be starting again; the same key finds its answer.
    if (answer.refusal.code !== 'decisionPending') return { ok: false, reason: answer.refusal.code };
  }
}

/** Jobs that were handed in before a replay was interrupted, by their ids; waits until the engine has answered them. */
export async function readAnswered(): Promise<Map<string, JobOutcome>> {
  const ctx = await seedingCtx();
  while ((await withTx(ctx, (tx) => tx.command.count({ where: { state: 'pending' } }))) > 0) await sleep(100);
  const rows = await withTx(
    ctx,
    (tx) => tx.$queryRaw<{ name: string; reservation: string | null; reason: string | null }[]>`
      SELECT payload->>'name' AS name, answer->'value'->>'reservationId' AS reservation, answer->'refusal'->>'code' AS reason
      FROM command WHERE kind = 'reserve' AND state = 'answered'`,
  );
  return new Map(
    rows.map(({ name, reservation, reason }) => [
      name,
      reservation === null ? { ok: false, reason: reason ?? 'unknown' } : { ok: true, reservationId: reservation },
    ]),
  );
}

/** Jobs of one second that are handed in at the same time. */
const AT_ONCE_MAX = 16;

/**
 * Feeds jobs in the order of their submission, each at its own second of business time. Jobs of the same second are
 * handed in together, as many clients would; which of them is decided first is the command log's order.
 */
export async function feedJobs(
  jobs: readonly TraceJob[],
  sku: Sku['id'],
  startAt: Instant,
  done: ReadonlyMap<string, JobOutcome>,
  onJob: (job: TraceJob, outcome: JobOutcome) => void,
): Promise<void> {
  for (const [second, group] of Map.groupBy(jobs, ({ submitSeconds }) => submitSeconds)) {
    const open = group.filter(({ jobId }) => !done.has(jobId));
    if (open.length > 0) await runClockTo(plusSeconds(startAt, second));
    for (let at = 0; at < open.length; at += AT_ONCE_MAX) {
      const part = open.slice(at, at + AT_ONCE_MAX);
      const outcomes = await Promise.all(part.map((job) => submitJob(job, sku)));
      part.forEach((job, i) => {
        const outcome = outcomes[i];
        if (outcome) onJob(job, outcome);
      });
    }
    for (const job of group) {
      const outcome = done.get(job.jobId);
      if (outcome) onJob(job, outcome);
    }
  }
}

/** Runs time on until everything accepted is over, then closes every month that it touched. Answers the months. */
export async function runToClose(startAt: Instant, lastEndAt: Instant): Promise<Month[]> {
  const months: Month[] = [];
  await runClockTo(plusSeconds(lastEndAt, HOUR_MS / 1_000));
  for (let month = monthOf(startAt); monthInterval(month).startAt <= lastEndAt; month = nextMonth(month)) {
    await runClockTo(monthCutoffAt(month));
    const finance = await actAsStaff(await seedingCtx(), { email: FINANCE_EMAIL });
    const closed = await closePeriod(finance, month);
    // A month without any usage has nothing to close; one that was closed before the interruption is done.
    if (!closed.ok && closed.refusal.code !== 'monthClosed' && closed.refusal.code !== 'monthUnknown') {
      throw new Error(`${month} cannot be closed: ${JSON.stringify(closed.refusal)}`);
    }
    months.push(month);
  }
  return months;
}
