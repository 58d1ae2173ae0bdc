import { present } from '#lib/core/assert.ts';
import type { ReplayedJob } from './queue-replay.ts';

/** How well a queue did, over all jobs of a trace. Seconds unless the name says otherwise. */
export type QueueFigures = {
  readonly jobs: number;
  readonly meanCompletionSeconds: number;
  readonly p95CompletionSeconds: number;
  readonly meanWaitSeconds: number;
  readonly p95WaitSeconds: number;
  readonly longestWaitSeconds: number;
  readonly waitedOverMinute: number;
  readonly meanBoundedSlowdown: number;
  readonly p95BoundedSlowdown: number;
  /** Card time used over card time there was, from the first submission to the last end. */
  readonly utilisation: number;
};

/** A job shorter than this counts as this long when its slowdown is taken. */
const SLOWDOWN_FLOOR_SECONDS = 10;

/** The smallest value that at least 95 of 100 do not exceed. */
function p95(sorted: readonly number[]): number {
  return present(sorted[Math.ceil(sorted.length * 0.95) - 1], 'a value');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The figures of jobs that ran on pools of `cards` cards in total. */
export function figuresOf(replayed: readonly ReplayedJob[], cards: number): QueueFigures {
  const ascending = (pick: (replay: ReplayedJob) => number): number[] => replayed.map(pick).sort((a, b) => a - b);
  const waits = ascending(({ job, startMs }) => (startMs - job.submittedMs) / 1_000);
  const completions = ascending(({ job, endMs }) => (endMs - job.submittedMs) / 1_000);
  const slowdowns = ascending(({ job, endMs }) =>
    Math.max(1, (endMs - job.submittedMs) / Math.max(job.runMs, SLOWDOWN_FLOOR_SECONDS * 1_000)),
  );
  const firstMs = replayed.reduce((least, { job }) => Math.min(least, job.submittedMs), Number.POSITIVE_INFINITY);
  const lastMs = replayed.reduce((most, { endMs }) => Math.max(most, endMs), 0);
  const usedCardMs = replayed.reduce((sum, { job }) => sum + job.cards * job.runMs, 0);
  return {
    jobs: replayed.length,
    meanCompletionSeconds: mean(completions),
    p95CompletionSeconds: p95(completions),
    meanWaitSeconds: mean(waits),
    p95WaitSeconds: p95(waits),
    longestWaitSeconds: waits.at(-1) ?? 0,
    waitedOverMinute: waits.filter((wait) => wait > 60).length,
    meanBoundedSlowdown: mean(slowdowns),
    p95BoundedSlowdown: p95(slowdowns),
    utilisation: usedCardMs / (cards * (lastMs - firstMs)),
  };
}
