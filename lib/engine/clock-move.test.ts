import { expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant, parseInstant, toIso } from '#lib/core/instant.ts';
import type { ClockState } from '#lib/platform/clock.ts';
import { type ClockMove, decideMove, nextCutoffAt, viewClock } from './clock-move.ts';

const at = (text: string): Instant => parseInstant(text) ?? instant(0);
const NOW = at('2026-11-20T04:00:00Z');
const still: ClockState = { mode: 'demo', now: NOW, targetAt: NOW, ratePerSecond: 0 };
const ahead: ClockState = { ...still, targetAt: instant(NOW + HOUR_MS), ratePerSecond: 60 };

test.each<[string, ClockState, ClockMove, object]>([
  ['a real clock is not moved', { mode: 'real', now: NOW }, { kind: 'by', hours: 1 }, { code: 'clockIsReal' }],
  ['it does not go back', still, { kind: 'to', at: instant(NOW - 1) }, { code: 'clockBackwards', nowAt: NOW }],
  ['nor by negative hours', still, { kind: 'by', hours: -1 }, { code: 'clockBackwards', nowAt: NOW }],
  ['nor a century', still, { kind: 'to', at: at('2126-01-01T00:00:00Z') }, { code: 'clockTooFar', daysMax: 366 }],
  ['nor by endless hours', still, { kind: 'by', hours: Number.POSITIVE_INFINITY }, { code: 'clockTooFar' }],
  ['a rate is not negative', still, { kind: 'rate', perSecond: -1 }, { code: 'rateOutOfRange', rateMax: 86_400 }],
  ['a rate has an upper end', still, { kind: 'rate', perSecond: 86_401 }, { code: 'rateOutOfRange' }],
  ['a rate is whole', still, { kind: 'rate', perSecond: 1.5 }, { code: 'rateOutOfRange' }],
])('%s', (_, state, move, refusal) => expect(decideMove(state, move)).toMatchObject({ ok: false, refusal }));

test.each<[string, ClockState, ClockMove, object]>([
  ['an instant is gone to and stood at', ahead, { kind: 'to', at: NOW }, { targetAt: NOW, ratePerSecond: 0 }],
  [
    'hours add up while the engine is behind',
    ahead,
    { kind: 'by', hours: 1 },
    { targetAt: NOW + 2 * HOUR_MS, ratePerSecond: 60 },
  ],
  [
    'a new pace keeps what was asked',
    ahead,
    { kind: 'rate', perSecond: 5 },
    { targetAt: NOW + HOUR_MS, ratePerSecond: 5 },
  ],
  ['stopping drops it', ahead, { kind: 'rate', perSecond: 0 }, { targetAt: NOW, ratePerSecond: 0 }],
])('%s', (_, state, move, value) => expect(decideMove(state, move)).toMatchObject({ ok: true, value }));

test('the clock is behind while it is further from its target than a step', () => {
  expect(viewClock(ahead)).toMatchObject({ isCaughtUp: false });
  expect(viewClock({ ...ahead, targetAt: instant(NOW + 60_000) })).toMatchObject({ isCaughtUp: true });
  expect(viewClock(still)).toMatchObject({ isCaughtUp: true });
});

test.each([
  ['2026-11-20T04:00:00Z', '2026-12-02T04:00:00.000Z'],
  ['2026-11-30T17:00:00Z', '2027-01-02T04:00:00.000Z'],
])('the cutoff after %s is %s', (now, cutoff) => expect(toIso(nextCutoffAt(at(now)))).toBe(cutoff));
