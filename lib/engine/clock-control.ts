import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { toIso } from '#lib/core/instant.ts';
import type { Result } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { demandClock, readClock } from '#lib/platform/clock.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { type ClockMove, type ClockRefusal, type ClockView, decideMove, viewClock } from './clock-move.ts';

/** The engine may step between our look at the clock and our demand; each try looks again. */
const TRIES_MAX = 5;
/** The database's refusal of a demand before business time. */
const BACKWARDS = 'KS002';

/** How business time stands. Everybody may know; on real time there is nothing to know but the time. */
export async function readClockFor(ctx: Ctx): Promise<ClockView> {
  authorize(ctx, 'clock:read');
  return viewClock(await withTx(ctx, readClock));
}

/**
 * Asks the engine to move business time; it goes there event by event, and no event is left out. Refused:
 * `clockIsReal`, `clockBackwards`, `clockTooFar`, `rateOutOfRange` (0 to 86,400 seconds a second; 0 stops).
 */
export async function moveClock(ctx: Ctx, move: ClockMove): Promise<Result<null, ClockRefusal>> {
  authorize(ctx, 'clock:move');
  for (let tries = 1; ; tries += 1) {
    try {
      return await withTx(ctx, async (tx) => {
        const decided = decideMove(await readClock(tx), move);
        if (!decided.ok) return decided;
        const { targetAt, ratePerSecond } = decided.value;
        await demandClock(tx, targetAt, ratePerSecond);
        await record(ctx, tx, 'clock.moved', 'clock', { targetAt: toIso(targetAt), ratePerSecond });
        return { ok: true, value: null };
      });
    } catch (error) {
      if (tries >= TRIES_MAX || databaseErrorOf(error)?.sqlState !== BACKWARDS) throw error;
    }
  }
}
