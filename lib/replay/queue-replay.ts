import { invariant, present } from '#lib/core/assert.ts';
import { instant } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { planQueue } from '#lib/scheduler/queue/plan-queue.ts';
import type { PromisedBlock, QueuedJob, QueuePolicy, RunningJob } from '#lib/scheduler/queue-types.ts';
import type { QueueTraceJob } from './queue-trace.ts';

/** A pool of equal servers. One server of all cards is a flat pool. */
export type ReplayPool = { readonly servers: number; readonly cardsPerServer: number };

/** When a job of the trace ran. */
export type ReplayedJob = { readonly job: QueueTraceJob; readonly startMs: number; readonly endMs: number };

type Arrival = { readonly trace: QueueTraceJob; readonly queued: QueuedJob };

/**
 * Runs jobs through the queue of one pool, event by event: what ends at an instant is gone, what arrives is in line,
 * then one round is planned. Equal submissions come in the order of the file. Jobs that never fit are an error of the
 * set-up, not a result.
 */
export function replayQueue(
  trace: readonly QueueTraceJob[],
  pool: ReplayPool,
  policy: QueuePolicy,
  promises: readonly PromisedBlock[] = [],
): ReplayedJob[] {
  const arrivals = arrivalsOf(trace);
  const byId = new Map(arrivals.map((arrival) => [arrival.queued.id, arrival]));
  const serverCards = new Array<number>(pool.servers).fill(pool.cardsPerServer);
  const replayed: ReplayedJob[] = [];
  const edges = [...new Set(promises.flatMap(({ interval }) => [interval.startAt, interval.endAt ?? interval.startAt]))];
  edges.sort((a, b) => a - b);
  let [arrived, edge] = [0, 0];
  let queue: QueuedJob[] = [];
  let running: RunningJob[] = [];
  const ends = new Map<string, number>();
  while (arrived < arrivals.length || queue.length > 0) {
    const now = instant(
      Math.min(
        arrivals[arrived]?.queued.submittedAt ?? Number.MAX_SAFE_INTEGER,
        ...ends.values(),
        edges[edge] ?? Number.MAX_SAFE_INTEGER,
      ),
    );
    while ((edges[edge] ?? Number.MAX_SAFE_INTEGER) <= now) edge += 1;
    for (const [id, endMs] of ends) if (endMs <= now) ends.delete(id);
    running = running.filter(({ id }) => ends.has(id));
    for (; (arrivals[arrived]?.queued.submittedAt ?? Number.MAX_SAFE_INTEGER) <= now; arrived += 1)
      queue.push(present(arrivals[arrived], 'arrival').queued);
    if (queue.length === 0) continue;
    const plan = planQueue(
      {
        now,
        serverSize: pool.cardsPerServer,
        serverCards,
        running,
        promises,
        queue,
        accounts: new Map(),
        priceE10: priceE10(0n),
      },
      policy,
    );
    const [refused] = plan.refused;
    invariant(!refused, `job ${refused?.jobId} is refused: ${refused?.refusal}`);
    if (plan.starts.length === 0) continue;
    for (const { jobId, shares, endAt } of plan.starts) {
      const { trace: job, queued } = present(byId.get(jobId), `job ${jobId}`);
      const endMs = now + job.runMs;
      ends.set(jobId, endMs);
      const { accountId, tier } = queued;
      running.push({ id: jobId, accountId, tier, startedAt: now, endAt, shares, isLeaving: false });
      replayed.push({ job, startMs: now, endMs });
    }
    queue = queue.filter(({ id }) => !ends.has(id));
  }
  return replayed;
}

function arrivalsOf(trace: readonly QueueTraceJob[]): Arrival[] {
  const inOrder = trace.map((job, line) => ({ job, line }));
  inOrder.sort((a, b) => a.job.submittedMs - b.job.submittedMs || a.line - b.line);
  return inOrder.map(({ job }, sequence) => ({
    trace: job,
    queued: {
      id: `${sequence}`,
      sequence,
      accountId: '',
      tier: 'standard',
      cards: job.cards,
      walltimeMs: job.walltimeMs,
      submittedAt: instant(job.submittedMs),
      deadlineAt: null,
      priceCapE10: null,
    },
  }));
}
