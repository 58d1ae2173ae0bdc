import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { BOUND_REASONS } from '#lib/reservations/queue/obstacles.ts';
import type { CatalogView } from '#lib/reservations/types.ts';
import type { Mind } from './mind.ts';
import { type QueueRound, STARTS_MAX } from './queue-deciding.ts';

/** What the last round of the queue saw, and how the next is made. */
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
  /** When a round that could not be written, although it started nothing, is tried again. */
  readonly retryAt: Instant | null;
};

/** What may have changed outside the mind since the last round. */
export type QueueNews = {
  /** Workloads of running jobs may be over. */
  readonly mayHaveOverJobs: boolean;
  /** Money, limits or projects may be others. */
  readonly mayHaveMoney: boolean;
};

const RETRY_SECONDS = 300;

export const FIRST_PACE: QueuePace = {
  version: -1,
  revision: -1,
  catalog: null,
  dueAt: null,
  isUnfinished: false,
  startsMax: STARTS_MAX,
  heldBack: new Map(),
  retryAt: null,
};

const MONEY_WAITS: ReadonlySet<string> = new Set<string>(['funds', 'projectClosed', ...BOUND_REASONS]);

/** True when a job waits for something that others than the engine change: money, limits, projects. */
function waitsForMoney({ book }: Mind): boolean {
  for (const { standing } of book.queue.waiting.values())
    if (standing.state === 'queued' && standing.waiting && MONEY_WAITS.has(standing.waiting.reason)) return true;
  return false;
}

/** A round is due when something happened since the last one that it would see, or when its time has come. */
export function isQueueDue(mind: Mind, pace: QueuePace, news: QueueNews, now: Instant): boolean {
  const { book, planner } = mind;
  if (news.mayHaveOverJobs && book.queue.running.size > 0) return true;
  if (book.queue.waiting.size === 0) return false;
  const { version, revision, catalog, dueAt, isUnfinished } = pace;
  if (isUnfinished || version !== planner.version || revision !== book.queue.revision || catalog !== book.catalog)
    return true;
  if (dueAt !== null && dueAt <= now) return true;
  return news.mayHaveMoney && waitsForMoney(mind);
}

type Next = Pick<QueuePace, 'startsMax' | 'heldBack' | 'isUnfinished' | 'retryAt'>;

/**
 * After a round that could not be written: the next is tried at once and writes at most one start. If that was such a one,
 * its job is held back for a while; one that started nothing is tried again as late.
 */
export function afterFailure({ startsMax, heldBack }: QueuePace, round: QueueRound | null, now: Instant): Next {
  const started = round?.changes.flatMap((change) => (change.kind === 'jobStarted' ? [change.job.id] : [])) ?? [];
  if (startsMax > 1) return { startsMax: 1, heldBack, isUnfinished: true, retryAt: null };
  const retryAt = plusSeconds(now, RETRY_SECONDS);
  if (started.length === 0) return { startsMax, heldBack, isUnfinished: false, retryAt };
  const held = new Map([...heldBack, ...started.map((id) => [id, retryAt] as const)]);
  return { startsMax, heldBack: held, isUnfinished: true, retryAt: null };
}

/** After a round that was written: one by one while there is more to start, then as usual. */
export function afterSuccess({ startsMax, heldBack }: QueuePace, round: QueueRound | null, now: Instant): Next {
  const isUnfinished = round?.isUnfinished ?? false;
  const still = new Map([...heldBack].filter(([, retryAt]) => retryAt > now));
  return { startsMax: isUnfinished ? startsMax : STARTS_MAX, heldBack: still, isUnfinished, retryAt: null };
}

/** The pace of the next round, after one that saw the mind as it is now. */
export function paceAfter({ book, planner }: Mind, next: Next, round: QueueRound | null): QueuePace {
  const dueAt = Math.min(
    ...[round?.dueAt ?? null, next.retryAt, ...next.heldBack.values()].filter((at) => at !== null),
  );
  return {
    ...next,
    version: planner.version,
    revision: book.queue.revision,
    catalog: book.catalog,
    dueAt: dueAt === Number.POSITIVE_INFINITY ? null : instant(dueAt),
  };
}
