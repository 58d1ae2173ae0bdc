import { invariant, present } from '#lib/core/assert.ts';
import { instant } from '#lib/core/instant.ts';
import { endOf, FOREVER } from '#lib/core/interval.ts';
import { priceE10 } from '#lib/core/money.ts';
import { planQueue } from '#lib/scheduler/queue/plan-queue.ts';
import type { PromisedBlock, QueuedJob, QueuePolicy, QueueSnapshot, RunningJob } from '#lib/scheduler/queue-types.ts';
import type { Share } from '#lib/scheduler/types.ts';
import type { QueueTraceJob } from './queue-trace.ts';

/** A pool of equal servers, and what is promised on it. One server of all cards is a flat pool. */
export type ReplayPool = {
  readonly servers: number;
  readonly cardsPerServer: number;
  readonly promises?: readonly PromisedBlock[];
};

/** When and where a job of the trace ran. */
export type ReplayedJob = {
  readonly job: QueueTraceJob;
  readonly shares: readonly Share[];
  readonly startMs: number;
  readonly endMs: number;
};

type Arrival = { readonly trace: QueueTraceJob; readonly queued: QueuedJob };

/** The event loop of one pool: its queue, what runs on it, and when each of that ends. */
class Replay {
  readonly replayed: ReplayedJob[] = [];
  readonly #pool: Omit<QueueSnapshot, 'now' | 'running' | 'queue'>;
  readonly #policy: QueuePolicy;
  readonly #arrivals: readonly Arrival[];
  #arrived = 0;
  #queue: QueuedJob[] = [];
  #running: (RunningJob & { readonly goneMs: number })[] = [];

  constructor(trace: readonly QueueTraceJob[], pool: ReplayPool, policy: QueuePolicy) {
    this.#policy = policy;
    this.#arrivals = arrivalsOf(trace);
    this.#pool = {
      serverSize: pool.cardsPerServer,
      serverCards: new Array<number>(pool.servers).fill(pool.cardsPerServer),
      supernodes: [Array.from({ length: pool.servers }, (_, server) => server)],
      supernodeSize: pool.servers * pool.cardsPerServer,
      promises: pool.promises ?? [],
      accounts: new Map(),
      priceE10: priceE10(0n),
    };
  }

  /** The next instant after `lastMs` at which something arrives, ends, or at which promised cards come back. */
  nextMs(lastMs: number): number | null {
    let nextMs: number = this.#arrivals[this.#arrived]?.queued.submittedAt ?? FOREVER;
    for (const { goneMs } of this.#running) nextMs = Math.min(nextMs, goneMs);
    for (const { interval } of this.#pool.promises) {
      const endMs = endOf(interval);
      if (endMs > lastMs) nextMs = Math.min(nextMs, endMs);
    }
    return nextMs === FOREVER || (this.#arrived === this.#arrivals.length && this.#queue.length === 0) ? null : nextMs;
  }

  step(nowMs: number): void {
    const now = instant(nowMs);
    this.#running = this.#running.filter(({ goneMs }) => goneMs > now);
    for (;;) {
      const next = this.#arrivals[this.#arrived]?.queued;
      if (!next || next.submittedAt > now) break;
      this.#queue.push(next);
      this.#arrived += 1;
    }
    if (this.#queue.length === 0) return;
    const plan = planQueue({ ...this.#pool, now, running: this.#running, queue: this.#queue }, this.#policy);
    const [refused] = plan.refused;
    invariant(!refused, `job ${refused?.jobId} is refused: ${refused?.refusal}`);
    if (plan.starts.length === 0) return;
    const started = new Map(plan.starts.map((start) => [start.jobId, start]));
    for (const { jobId, shares, endAt } of plan.starts) {
      const { trace: job, queued } = present(this.#arrivals[Number.parseInt(jobId, 10)], `job ${jobId}`);
      const goneMs = now + job.runMs;
      const { id, accountId, tier } = queued;
      this.#running.push({ id, accountId, tier, startedAt: now, endAt, goneMs, shares, isLeaving: false });
      this.replayed.push({ job, shares, startMs: now, endMs: goneMs });
    }
    this.#queue = this.#queue.filter(({ id }) => !started.has(id));
  }

  waiting(): number {
    return this.#queue.length;
  }
}

/**
 * Runs jobs through the queue of one pool, event by event: what ends at an instant is gone, what arrives is in line,
 * then one round is planned. Equal submissions come in the order of the file. Throws when a job can never fit: the pool
 * is then not the trace's.
 */
export function replayQueue(
  trace: readonly QueueTraceJob[],
  pool: ReplayPool,
  policy: QueuePolicy,
): readonly ReplayedJob[] {
  const replay = new Replay(trace, pool, policy);
  for (let nowMs = replay.nextMs(-1); nowMs !== null; nowMs = replay.nextMs(nowMs)) replay.step(nowMs);
  invariant(replay.waiting() === 0, 'a queue that nothing holds up runs dry');
  return replay.replayed;
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
      topology: 'any',
      walltimeMs: job.walltimeMs,
      submittedAt: instant(job.submittedMs),
      deadlineAt: null,
      priceCapE10: null,
    },
  }));
}
