import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { readOverJobs } from '#lib/reservations/queue/job-rows.ts';
import { reservationOfJob, workloadOfJob } from '#lib/reservations/queue/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { insertJobWorkloads } from '#lib/workloads/run-log.ts';
import type { LogEntry } from './batch.ts';
import { clearDoubt, keep, writeRound } from './deciding-round.ts';
import { type Pool, rememberFailure } from './pool.ts';
import { decideQueue, type QueueRound } from './queue-deciding.ts';
import { afterFailure, afterSuccess, isQueueDue, paceAfter } from './queue-pace.ts';
import { Deposed, isDeposed } from './leadership.ts';
import { readSeen, remember } from './round-reading.ts';

/** A round as the log keeps it: with what it saw, so that it can be played again. */
function entryOf({ inputs }: QueueRound): LogEntry {
  const answer = { ok: true, value: { reservationId: null } } as const;
  return { command: null, payload: { kind: 'queue' }, answer, inputs };
}

/** The workloads of the jobs that a round started: they wait for their cards like any other. */
async function writeWorkloads(tx: Tx, changes: readonly Change[], now: Instant): Promise<boolean> {
  const started = changes.flatMap((change) => (change.kind === 'jobStarted' ? [change.job] : []));
  await insertJobWorkloads(
    tx,
    started.map(({ id, organisationId, name, imageId, command, cards, walltimeSeconds, submittedBy }) => ({
      id: workloadOfJob(id),
      organisationId,
      reservationId: reservationOfJob(id),
      name,
      imageId,
      command,
      cards,
      walltimeSeconds,
      submittedBy,
    })),
    now,
  );
  return started.length > 0;
}

async function decideAndWrite(ctx: Ctx, pool: Pool, taken: (round: QueueRound) => void): Promise<boolean> {
  const { mind } = pool;
  let hasChanged = false;
  await withTx(
    ctx,
    async (tx) => {
      pool.doubt?.round.undo();
      pool.doubt = null;
      const over = pool.mayHaveOverJobs ? await readOverJobs(tx, pool.id) : [];
      const waiting = [...mind.book.queue.waiting.values()];
      const organisations: Id<'organisation'>[] = [...new Set(waiting.map((job) => job.organisationId))].sort();
      const seen = await readSeen(tx, pool, organisations, ctx.now);
      remember(mind, seen);
      const { wallets } = seen;
      const round = decideQueue(mind, { ...pool.queuePace, over, wallets, now: ctx.now });
      taken(round);
      hasChanged = round.changes.length > 0;
      if (!hasChanged) return;
      const decided = { ...round, entries: [entryOf(round)], dues: 0 };
      pool.doubt = { round: decided, reportCount: 0, keeper: pool.keeper.copy() };
      await writeRound(ctx, tx, pool, decided, pool.doubt.keeper);
      if (await writeWorkloads(tx, round.changes, ctx.now)) pool.mayHaveWorkloads = true;
    },
    { epoch: pool.lease.epoch },
  );
  if (pool.doubt) keep(pool, pool.doubt);
  return hasChanged;
}

/**
 * One round of the pool's queue, when one is due: after commands, in a transaction of its own under the pool's epoch, so
 * that a fault in it keeps no command waiting. A round that fails leaves memory as it was; its starts are then written
 * one by one, and one that cannot be written is left alone for a while, so that the others go on.
 */
export async function planQueueOnce(ctx: Ctx, pool: Pool): Promise<boolean> {
  if (pool.doubt) await clearDoubt(ctx, pool, pool.doubt);
  if (!isQueueDue(pool.mind, pool.queuePace, pool, ctx.now)) return false;
  let round: QueueRound | null = null;
  const mayHaveOverJobs = pool.mayHaveOverJobs;
  pool.mayHaveMoney = false;
  let next: ReturnType<typeof afterSuccess>;
  let didWork = false;
  try {
    didWork = await decideAndWrite(ctx, pool, (made) => {
      round = made;
    });
    if (mayHaveOverJobs) pool.mayHaveOverJobs = false;
    next = afterSuccess(pool.queuePace, round, ctx.now);
  } catch (error) {
    const wasWritten = pool.doubt !== null && (await clearDoubt(ctx, pool, pool.doubt)) === 'committed';
    if (isDeposed(error)) throw new Deposed(`another leads ${pool.id}`, { cause: error });
    if (!wasWritten) {
      const reason = errorText(error);
      rememberFailure(pool, { reason, commandIds: [] });
      log.error('a round of the queue failed', { pool: pool.id, reason });
    }
    next = (wasWritten ? afterSuccess : afterFailure)(pool.queuePace, round, ctx.now);
    didWork = wasWritten || next.isUnfinished;
  }
  pool.queuePace = paceAfter(pool.mind, next, round);
  return didWork;
}
