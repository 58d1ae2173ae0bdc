import { floorToHour, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { nextDue } from '#lib/reservations/timers.ts';
import type { Pool } from './pool.ts';

/** What a pool waits for, besides commands: its timers, the next full hour, settlements, walltimes, its devices. */
function nextEventOf(pool: Pool, now: Instant): Instant {
  const candidates = [
    floorToHour(now) + HOUR_MS,
    nextDue(pool.mind)?.at,
    pool.devices.nextEventAt(),
    ...pool.unsettled.map(({ settleAt }) => settleAt),
    ...pool.walltimesAt,
    pool.queuePace.dueAt,
  ];
  const later = candidates.filter((at) => at !== undefined && at !== null).filter((at) => at > now);
  return instant(Math.min(...later));
}

/**
 * The next step of a paced clock: to the next thing that happens in any pool, but not beyond what is demanded. So
 * everything happens at its own instant, and the engine is never late, however fast time is asked to run.
 */
export function nextStepAt(pools: readonly Pool[], now: Instant, targetAt: Instant): Instant {
  const next = pools.reduce((earliest, pool) => Math.min(earliest, nextEventOf(pool, now)), targetAt as number);
  return instant(Math.max(now, next));
}
