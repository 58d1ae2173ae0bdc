import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { ArrearsFacts, ArrearsState, ArrearsStep, ArrearsTerms, Standing } from './types.ts';

const DAY_MS = 24 * HOUR_MS;

/** An organisation whose money never ran short. */
export const FIRST_STANDING: Standing = {
  state: 'ok',
  steps: 0,
  episode: 0,
  sinceAt: instant(0),
  runsOutAt: null,
  stopAt: null,
  releaseAt: null,
};

/** Where a step leads and when it counts; the rest of the new standing follows from both. */
type Move = { readonly to: ArrearsState; readonly at: Instant; readonly told: Partial<Standing> };

/** Not before the step before, and not after now. */
const between = (sinceAt: Instant, at: Instant, now: Instant): Instant => instant(Math.min(Math.max(at, sinceAt), now));

const NOTHING_TOLD = { runsOutAt: null, stopAt: null, releaseAt: null } as const;
const back = (now: Instant): Move => ({ to: 'ok', at: now, told: NOTHING_TOLD });

/** The move of each state; null while it stays. Payment comes first everywhere, so that who has paid is never stopped. */
function moveOf(standing: Standing, facts: ArrearsFacts, terms: ArrearsTerms, now: Instant): Move | null {
  const { state, sinceAt, stopAt, releaseAt } = standing;
  const { owedUnits, runsOutAt, grace } = facts;
  const isOwing = owedUnits > 0n;
  const isWithin = (hours: number): boolean => isOwing || (runsOutAt !== null && now >= runsOutAt - hours * HOUR_MS);
  switch (state) {
    case 'ok':
      return isWithin(terms.firstWarningHours) ? { to: 'warned', at: now, told: { runsOutAt } } : null;
    case 'warned':
      if (!isWithin(terms.firstWarningHours)) return back(now);
      return isWithin(terms.lastWarningHours) ? { to: 'lastHour', at: now, told: { runsOutAt } } : null;
    case 'lastHour': {
      if (!isWithin(terms.lastWarningHours)) return back(now);
      if (!isOwing || (grace !== null && grace.from > now)) return null;
      const at = between(sinceAt, grace?.from ?? now, now);
      return { to: 'grace', at, told: { stopAt: grace?.stopAt ?? at } };
    }
    case 'grace':
      if (!isOwing) return back(now);
      if (grace !== null && stopAt !== null && grace.stopAt > stopAt)
        return { to: 'grace', at: now, told: { stopAt: grace.stopAt } };
      // What still runs is not stopped, however late: its own leader stops it, and then this follows.
      if (grace !== null || stopAt === null || now < stopAt) return null;
      return {
        to: 'stopped',
        at: between(sinceAt, stopAt, now),
        told: { runsOutAt: null, releaseAt: instant(stopAt + terms.retentionDays * DAY_MS) },
      };
    case 'stopped':
      if (!isOwing) return back(now);
      return facts.isUnsettled ? null : { to: 'retained', at: sinceAt, told: {} };
    case 'retained':
      if (!isOwing) return back(now);
      return releaseAt !== null && now >= releaseAt
        ? { to: 'released', at: between(sinceAt, releaseAt, now), told: {} }
        : null;
    case 'released':
      return isOwing ? null : back(now);
  }
}

/**
 * The next step of an organisation, from its balance, how fast it empties, the policy, the clock and where it stands; null
 * when none is due. One step at a time, so that none is skipped however far the clock jumps; nothing is stopped or
 * released before the instant that was announced for it.
 */
export function nextStep(
  standing: Standing,
  facts: ArrearsFacts,
  terms: ArrearsTerms,
  now: Instant,
): ArrearsStep | null {
  const move = moveOf(standing, facts, terms, now);
  if (move === null) return null;
  const { state: from, steps, episode } = standing;
  const next: Standing = {
    ...standing,
    ...move.told,
    state: move.to,
    steps: steps + 1,
    episode: from === 'ok' ? episode + 1 : episode,
    sinceAt: move.at,
  };
  return { number: steps + 1, from, to: move.to, at: move.at, next };
}

/** Every step that is due now, in order. What was announced by one binds the next. */
export function dueSteps(
  standing: Standing,
  facts: ArrearsFacts,
  terms: ArrearsTerms,
  now: Instant,
): readonly ArrearsStep[] {
  const steps: ArrearsStep[] = [];
  let at = standing;
  for (let step = nextStep(at, facts, terms, now); step; step = nextStep(at, facts, terms, now)) {
    steps.push(step);
    at = step.next;
    // Back to where nothing is owed is where a walk rests: what follows is a new shortage, and is told of by the next.
    if (step.to === 'ok') break;
  }
  return steps;
}
