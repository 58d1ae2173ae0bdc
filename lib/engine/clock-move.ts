import { DAY_MS, HOUR_MS, type Instant, instant, later } from '#lib/core/instant.ts';
import { monthCutoffAt, monthOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { ClockState } from '#lib/platform/clock.ts';

/** What somebody asks of the demo clock: to be at an instant, to go on by hours, or to run at a pace. */
export type ClockMove =
  | { readonly kind: 'to'; readonly at: Instant }
  | { readonly kind: 'by'; readonly hours: number }
  | { readonly kind: 'rate'; readonly perSecond: number };

export type ClockRefusal =
  /** Business time is real time here, and nobody moves it. */
  | { readonly code: 'clockIsReal' }
  | { readonly code: 'clockBackwards'; readonly nowAt: Instant }
  | { readonly code: 'clockTooFar'; readonly daysMax: number }
  | { readonly code: 'rateOutOfRange'; readonly rateMax: number };

/** Business seconds per real second: a day in a second. */
const CLOCK_RATE_MAX = 86_400;
/** One move goes at most this far: a year of hours is minutes of work, a mistyped century would never end. */
const CLOCK_MOVE_DAYS_MAX = 366;

/** How the clock stands, for the pages. `lagMs`: how far business time is behind what was asked. */
export type ClockView =
  | { readonly mode: 'real'; readonly now: Instant }
  | {
      readonly mode: 'demo';
      readonly now: Instant;
      readonly targetAt: Instant;
      readonly ratePerSecond: number;
      readonly isCaughtUp: boolean;
    };

/** A running clock's engine steps several times a second, so this much behind is no lag. */
const STEP_MS = 2_000;

/** What pages show of a clock. */
export function viewClock(state: ClockState): ClockView {
  if (state.mode === 'real') return { mode: 'real', now: state.now };
  return { ...state, isCaughtUp: state.targetAt - state.now <= state.ratePerSecond * STEP_MS };
}

/**
 * What to demand of the clock for a move. Going on by hours adds to what is already asked for and keeps the pace; a
 * rate of 0 stops where business time is, and drops what was asked and not reached.
 */
export function decideMove(
  state: ClockState,
  move: ClockMove,
): Result<{ readonly targetAt: Instant; readonly ratePerSecond: number }, ClockRefusal> {
  if (state.mode === 'real') return refuse({ code: 'clockIsReal' });
  if (move.kind === 'rate') {
    const { perSecond } = move;
    if (!Number.isInteger(perSecond) || perSecond < 0 || perSecond > CLOCK_RATE_MAX)
      return refuse({ code: 'rateOutOfRange', rateMax: CLOCK_RATE_MAX });
    return accept({
      targetAt: perSecond === 0 ? state.now : later(state.now, state.targetAt),
      ratePerSecond: perSecond,
    });
  }
  const isBy = move.kind === 'by';
  const targetAt = isBy ? later(state.now, state.targetAt) + Math.round(move.hours * HOUR_MS) : (move.at as number);
  if (targetAt < state.now) return refuse({ code: 'clockBackwards', nowAt: state.now });
  if (!(targetAt - state.now <= CLOCK_MOVE_DAYS_MAX * DAY_MS))
    return refuse({ code: 'clockTooFar', daysMax: CLOCK_MOVE_DAYS_MAX });
  return accept({ targetAt: instant(targetAt), ratePerSecond: isBy ? state.ratePerSecond : 0 });
}

/** When the month can be closed that runs now: the next month's 2nd, 12:00 Beijing time. */
export function nextCutoffAt(now: Instant): Instant {
  return monthCutoffAt(monthOf(now));
}
