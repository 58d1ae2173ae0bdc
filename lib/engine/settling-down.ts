import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type ClockState, monotonicMs } from '#lib/platform/clock.ts';
import { log } from '#lib/platform/log.ts';
import { hasDue } from '#lib/reservations/timers.ts';
import { decideRounds } from './deciding-rounds.ts';
import { performRequests } from './device-requests.ts';
import { followDecisions } from './following.ts';
import { chargePassedHours, settleOver } from './money-round.ts';
import type { Pool } from './pool.ts';
import { planQueueOnce } from './queue-round.ts';
import { stepWorkloads } from './workload-round.ts';

/** So long, in real time, a pool may keep a turn of the engine busy with commands: then time, devices and other pools are looked at. */
const SETTLE_MS = 500;
/** Rounds of deciding at one instant; more would mean that something never comes to rest. */
const ROUNDS_MAX = 10_000;

/** What follows from decisions at an instant up to which all is decided; true when there was work. */
async function carryOn(ctx: Ctx, pool: Pool): Promise<boolean> {
  return [
    await planQueueOnce(ctx, pool),
    await followDecisions(ctx, pool),
    await stepWorkloads(ctx, pool),
    await chargePassedHours(ctx, pool),
    await settleOver(ctx, pool),
  ].some(Boolean);
}

/**
 * Decides, carries out, charges and settles until the pool is at rest at this instant; true when there was work. Where commands come
 * without a pause it never is: then the turn ends after a while all the same. A demo clock, which would step on, waits for all but
 * commands.
 */
export async function settleDown(ctx: Ctx, pool: Pool, clockMode: ClockState['mode']): Promise<boolean> {
  const sinceMs = monotonicMs();
  let didWork = await performRequests(ctx, pool);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const hasDecided = (await decideRounds(ctx, pool)) > 0;
    // More may be due than one round decides: nothing is done for this instant before all that was due earlier is decided.
    const isBusy = !hasDue(pool.mind, ctx.now) && (await carryOn(ctx, pool));
    if (!hasDecided && !isBusy) return didWork;
    didWork = true;
    const mayEnd = clockMode === 'real' || !(isBusy || hasDue(pool.mind, ctx.now));
    if (mayEnd && monotonicMs() - sinceMs > SETTLE_MS) return true;
  }
  log.error('a pool does not come to rest', { pool: pool.id });
  return didWork;
}
