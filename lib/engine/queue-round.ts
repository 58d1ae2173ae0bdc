import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { lockWallets } from '#lib/ledger/posting.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { readLimits } from '#lib/reservations/book-keeping.ts';
import { readOverJobs, readProjectLimits } from '#lib/reservations/queue/job-rows.ts';
import { reservationOfJob, workloadOfJob } from '#lib/reservations/queue/types.ts';
import type { CatalogView, Change } from '#lib/reservations/types.ts';
import { insertJobWorkloads } from '#lib/workloads/run-log.ts';
import type { LogEntry } from './batch.ts';
import { clearDoubt, keep, writeRound } from './deciding-round.ts';
import type { Pool } from './pool.ts';
import { decideQueue, type QueueRound } from './queue-deciding.ts';
import { loadVouchers } from './voucher-round.ts';
import { Deposed, isDeposed } from './leadership.ts';

/** What the last round of the queue saw, and what has been announced since. */
export type QueuePace = {
  readonly version: number;
  readonly revision: number;
  readonly catalog: CatalogView | null;
  /** When time alone makes a round due. */
  readonly dueAt: Instant | null;
  /** More could have been done in the last round. */
  readonly isUnfinished: boolean;
  /** One, after a round could not be written: then each start is written alone, so that one bad start harms no other. */
  readonly startsMax: number;
  /** Jobs whose start could not be written, and when they are tried again. */
  readonly heldBack: ReadonlyMap<string, Instant>;
};

const STARTS_PER_ROUND = 256;
const HELD_BACK_SECONDS = 300;

export const FIRST_PACE: QueuePace = {
  version: -1,
  revision: -1,
  catalog: null,
  dueAt: null,
  isUnfinished: false,
  startsMax: STARTS_PER_ROUND,
  heldBack: new Map(),
};

const MONEY_WAITS: ReadonlySet<string> = new Set([
  'funds',
  'organisationLimit',
  'projectLimit',
  'organisationQuota',
  'projectQuota',
  'projectClosed',
]);

/** True when a job waits for something that others than the engine change: money, limits, projects. */
function waitsForMoney(pool: Pool): boolean {
  for (const { standing } of pool.mind.book.queue.waiting.values())
    if (standing.state === 'queued' && standing.waiting && MONEY_WAITS.has(standing.waiting.reason)) return true;
  return false;
}

/** A round is due when something happened since the last one that it would see, or when its time has come. */
function isDue(pool: Pool, now: Instant): boolean {
  const { book, planner } = pool.mind;
  if (pool.mayHaveOverJobs && book.queue.running.size > 0) return true;
  if (book.queue.waiting.size === 0) return false;
  const { version, revision, catalog, dueAt, isUnfinished } = pool.queuePace;
  if (isUnfinished || version !== planner.version || revision !== book.queue.revision || catalog !== book.catalog)
    return true;
  if (dueAt !== null && dueAt <= now) return true;
  return pool.mayHaveMoney && waitsForMoney(pool);
}

function entryOf(changes: readonly Change[]): LogEntry {
  const started = changes.filter(({ kind }) => kind === 'jobStarted').length;
  const answer = { ok: true, value: { reservationId: null } } as const;
  return {
    command: null,
    payload: { kind: 'queue' },
    answer,
    inputs: { changes: `${changes.length}`, started: `${started}` },
  };
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
      const wallets = organisations.length > 0 ? await lockWallets(tx, organisations) : new Map();
      for (const [id, limits] of await readLimits(tx, organisations)) mind.book.limits.set(id, limits);
      for (const project of await readProjectLimits(tx, organisations)) mind.book.projects.set(project.id, project);
      await loadVouchers(tx, mind, organisations, ctx.now);
      const round = decideQueue(mind, { ...pool.queuePace, over, wallets, now: ctx.now });
      taken(round);
      hasChanged = round.changes.length > 0;
      if (!hasChanged) return;
      const decided = { ...round, entries: [entryOf(round.changes)] };
      pool.doubt = { round: decided, reportCount: 0, keeper: pool.keeper.copy() };
      await writeRound(ctx, tx, pool, decided, pool.doubt.keeper);
      if (await writeWorkloads(tx, round.changes, ctx.now)) pool.mayHaveWorkloads = true;
    },
    { epoch: pool.lease.epoch },
  );
  if (pool.doubt) keep(pool, pool.doubt);
  return hasChanged;
}

/** After a round that could not be written: the next writes one start alone; if that was one, its job is held back. */
function afterFailure({ startsMax, heldBack }: QueuePace, round: QueueRound | null, now: Instant) {
  const started = round?.changes.flatMap((change) => (change.kind === 'jobStarted' ? [change.job.id] : [])) ?? [];
  if (started.length === 0) return { startsMax, heldBack, isUnfinished: false };
  if (startsMax > 1) return { startsMax: 1, heldBack, isUnfinished: true };
  const retryAt = plusSeconds(now, HELD_BACK_SECONDS);
  return {
    startsMax,
    heldBack: new Map([...heldBack, ...started.map((id) => [id, retryAt] as const)]),
    isUnfinished: true,
  };
}

/** After a round that was written: one by one while there is more to start, then as usual. */
function afterSuccess({ startsMax, heldBack }: QueuePace, isUnfinished: boolean, now: Instant) {
  const still = new Map([...heldBack].filter(([, retryAt]) => retryAt > now));
  return { startsMax: isUnfinished ? startsMax : STARTS_PER_ROUND, heldBack: still, isUnfinished };
}

/**
 * One round of the pool's queue, when one is due: after commands, in a transaction of its own under the pool's epoch, so
 * that a fault in it keeps no command waiting. A round that fails leaves memory as it was; its starts are then written
 * one by one, and one that cannot be written is left alone for a while, so that the others go on.
 */
export async function planQueueOnce(ctx: Ctx, pool: Pool): Promise<boolean> {
  if (pool.doubt) await clearDoubt(ctx, pool, pool.doubt);
  if (!isDue(pool, ctx.now)) return false;
  const { book, planner } = pool.mind;
  let round: QueueRound | null = null;
  const mayHaveOverJobs = pool.mayHaveOverJobs;
  pool.mayHaveMoney = false;
  let next: Pick<QueuePace, 'startsMax' | 'heldBack' | 'isUnfinished'>;
  let didWork = false;
  try {
    didWork = await decideAndWrite(ctx, pool, (made) => {
      round = made;
    });
    if (mayHaveOverJobs) pool.mayHaveOverJobs = false;
    const made = round as QueueRound | null;
    next = afterSuccess(pool.queuePace, made?.isUnfinished ?? false, ctx.now);
  } catch (error) {
    const wasWritten = pool.doubt !== null && (await clearDoubt(ctx, pool, pool.doubt)) === 'committed';
    if (isDeposed(error)) throw new Deposed(`another leads ${pool.id}`, { cause: error });
    const made = round as QueueRound | null;
    if (!wasWritten) log.error('a round of the queue failed', { pool: pool.id, reason: errorText(error) });
    next = wasWritten
      ? afterSuccess(pool.queuePace, made?.isUnfinished ?? false, ctx.now)
      : afterFailure(pool.queuePace, made, ctx.now);
    didWork = wasWritten || next.isUnfinished;
  }
  const made = round as QueueRound | null;
  const retryAt = Math.min(...next.heldBack.values());
  const dueAt = made?.dueAt ?? null;
  pool.queuePace = {
    ...next,
    version: planner.version,
    revision: book.queue.revision,
    catalog: book.catalog,
    dueAt: next.heldBack.size === 0 ? dueAt : instant(Math.min(retryAt, dueAt ?? retryAt)),
  };
  return didWork;
}
