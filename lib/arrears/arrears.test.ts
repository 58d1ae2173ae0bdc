import { describe, expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { dueSteps, FIRST_STANDING, nextStep } from './arrears.ts';
import { ARREARS_STATES, type ArrearsFacts, type ArrearsStep, type ArrearsTerms, type Standing } from './types.ts';

const T0 = instant(Date.UTC(2026, 10, 2));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);
const TERMS: ArrearsTerms = { firstWarningHours: 24, lastWarningHours: 1, graceSeconds: 7_200, retentionDays: 15 };
const CALM: ArrearsFacts = {
  spendableUnits: units(1_000n),
  owedUnits: units(0n),
  burnUnitsPerHour: units(10n),
  runsOutAt: null,
  grace: null,
  isUnsettled: false,
};
const OWING = { ...CALM, spendableUnits: units(-20n), owedUnits: units(20n), runsOutAt: at(3) };
const IN_GRACE: ArrearsFacts = { ...OWING, grace: { from: at(1), stopAt: at(3) } };

/** The steps that facts lead to, one after the other. */
function walk(standing: Standing, facts: ArrearsFacts, now: Instant) {
  const steps = dueSteps(standing, facts, TERMS, now);
  const shown = steps.map(({ to, at: when }) => `${to} +${(when - T0) / HOUR_MS}`);
  return { steps, shown, standing: steps.at(-1)?.next ?? standing };
}

describe('from enough money to the release, step by step', () => {
  test('nothing happens while the money lasts longer than the first warning', () => {
    expect(nextStep(FIRST_STANDING, CALM, TERMS, at(0))).toBeNull();
    expect(nextStep(FIRST_STANDING, { ...CALM, runsOutAt: at(24.001) }, TERMS, at(0))).toBeNull();
  });

  test('a day ahead, an hour ahead, the grace, the stop, what is kept, and the release, each at its own instant', () => {
    let { standing, shown } = walk(FIRST_STANDING, { ...CALM, runsOutAt: at(24) }, at(0));
    expect(shown).toEqual(['warned +0']);
    ({ standing, shown } = walk(standing, { ...CALM, runsOutAt: at(24) }, at(22.9)));
    expect(shown).toEqual([]);
    ({ standing, shown } = walk(standing, { ...CALM, runsOutAt: at(24) }, at(23)));
    expect(shown).toEqual(['lastHour +23']);
    const grace = { ...IN_GRACE, grace: { from: at(24), stopAt: at(26) } };
    expect(walk(standing, grace, at(23.95)).shown).toEqual([]);
    ({ standing, shown } = walk(standing, grace, at(24)));
    expect(shown).toEqual(['grace +24']);
    expect(standing.stopAt).toBe(at(26));
    const stopped = { ...OWING, grace: null, isUnsettled: true };
    expect(walk(standing, stopped, at(25)).shown).toEqual([]);
    ({ standing, shown } = walk(standing, stopped, at(26)));
    expect(shown).toEqual(['stopped +26']);
    ({ standing, shown } = walk(standing, { ...stopped, isUnsettled: false }, at(26.5)));
    expect(shown).toEqual(['retained +26']);
    expect(standing.releaseAt).toBe(at(26 + 15 * 24));
    expect(walk(standing, { ...stopped, isUnsettled: false }, instant(at(26 + 15 * 24) - 1)).shown).toEqual([]);
    ({ standing, shown } = walk(standing, { ...stopped, isUnsettled: false }, at(26 + 15 * 24)));
    expect(shown).toEqual([`released +${26 + 15 * 24}`]);
  });

  test('a clock that jumps skips no step, and dates the stop and the release as they were announced', () => {
    const { steps, shown, standing } = walk(FIRST_STANDING, IN_GRACE, at(2));
    expect(shown).toEqual(['warned +2', 'lastHour +2', 'grace +2']);
    expect(steps.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(walk(standing, { ...OWING, grace: null }, at(999)).shown).toEqual([
      'stopped +3',
      'retained +3',
      'released +363',
    ]);
  });

  test('what still runs is not said to be stopped, however late', () => {
    const { standing } = walk(FIRST_STANDING, IN_GRACE, at(2));
    expect(walk(standing, IN_GRACE, at(5)).shown).toEqual([]);
  });

  test('more grace is told of, and moves the stop', () => {
    const { standing } = walk(FIRST_STANDING, IN_GRACE, at(2));
    const more = walk(standing, { ...IN_GRACE, grace: { from: at(1), stopAt: at(6) } }, at(3));
    expect(more.shown).toEqual(['grace +3']);
    expect(walk(more.standing, { ...OWING, grace: null }, at(5)).shown).toEqual([]);
    expect(walk(more.standing, { ...OWING, grace: null }, at(6)).shown[0]).toBe('stopped +6');
  });
});

describe('payment', () => {
  test.each(['grace', 'stopped', 'retained', 'released'] as const)(
    'of what is owed leads from %s back, at once',
    (state) => {
      const standing: Standing = { ...FIRST_STANDING, state, steps: 5, episode: 1, stopAt: at(3), releaseAt: at(363) };
      expect(walk(standing, { ...CALM, isUnsettled: true }, at(400)).shown).toEqual(['ok +400']);
    },
  );

  test('in the last millisecond of the grace wins over the stop', () => {
    const { standing } = walk(FIRST_STANDING, IN_GRACE, at(2));
    expect(walk(standing, { ...CALM, grace: null }, at(3)).shown).toEqual(['ok +3']);
  });

  test('of a part changes nothing: it is owed until it is paid', () => {
    const { standing } = walk(FIRST_STANDING, IN_GRACE, at(2));
    expect(walk(standing, { ...OWING, owedUnits: units(1n), grace: null }, at(3)).shown).toEqual([
      'stopped +3',
      'retained +3',
    ]);
  });

  test('begins a new episode when money runs short again', () => {
    const { standing } = walk(FIRST_STANDING, { ...CALM, runsOutAt: at(10) }, at(0));
    const calm = walk(standing, CALM, at(1));
    expect(calm.shown).toEqual(['ok +1']);
    expect(walk(calm.standing, { ...CALM, runsOutAt: at(20) }, at(2)).standing.episode).toBe(2);
  });
});

/** A small economy: one open end, a wallet, top-ups and a clock that jumps, drawn from a seed. */
function* economy(seed: number): Generator<{ now: Instant; facts: ArrearsFacts }> {
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  let [now, money, owed] = [T0, BigInt(draw(40)) * 10n, 0n];
  let held: { until: number; graceFrom: number | null } | null = { until: T0 + HOUR_MS, graceFrom: null };
  for (let turn = 0; turn < 60; turn += 1) {
    const jump = [HOUR_MS / 10, HOUR_MS, 7 * HOUR_MS, 20 * 24 * HOUR_MS][draw(4)] ?? HOUR_MS;
    const to = now + 1 + draw(jump);
    while (held !== null && held.until <= to) {
      if (money - owed >= 10n) {
        money -= 10n;
        held = { until: held.until + HOUR_MS, graceFrom: null };
      } else if (held.graceFrom === null && owed === 0n) {
        owed = 20n;
        held = { until: held.until + 2 * HOUR_MS, graceFrom: held.until };
      } else held = null;
    }
    now = instant(to);
    if (draw(5) === 0) money += BigInt(draw(30)) * 5n;
    if (held === null && owed === 0n && draw(3) === 0) held = { until: now + HOUR_MS, graceFrom: null };
    const paid = owed < money ? owed : money;
    [money, owed] = [money - paid, owed - paid];
    const lasts = held === null ? null : instant(held.until + Number(money / 10n) * HOUR_MS);
    const facts: ArrearsFacts = {
      spendableUnits: units(money - owed),
      owedUnits: units(owed),
      burnUnitsPerHour: units(10n),
      runsOutAt: lasts !== null && lasts < now + 25 * HOUR_MS ? lasts : null,
      grace:
        held?.graceFrom != null && held.graceFrom <= now
          ? { from: instant(held.graceFrom), stopAt: instant(held.until) }
          : null,
      isUnsettled: draw(4) === 0,
    };
    yield { now, facts };
  }
}

const order = (state: (typeof ARREARS_STATES)[number]): number => ARREARS_STATES.indexOf(state);

describe('whatever is paid and however the clock jumps', () => {
  test.each(Array.from({ length: 400 }, (_, i) => i + 1))('seed %i: no step early, skipped, or twice', (seed) => {
    let standing = FIRST_STANDING;
    const taken: ArrearsStep[] = [];
    for (const { now, facts } of economy(seed)) {
      for (const step of dueSteps(standing, facts, TERMS, now)) {
        const before = taken.at(-1);
        expect(step.number).toBe(taken.length + 1);
        expect(step.from).toBe(before?.to ?? 'ok');
        expect(step.at).toBeLessThanOrEqual(now);
        if (before) expect(step.at).toBeGreaterThanOrEqual(before.at);
        if (step.to !== 'ok' && !(step.to === 'grace' && step.from === 'grace'))
          expect(order(step.to)).toBe(order(step.from) + 1);
        if (step.to === 'stopped') expect(step.at).toBeGreaterThanOrEqual(before?.next.stopAt ?? Infinity);
        if (step.to === 'released') expect(step.at).toBeGreaterThanOrEqual(before?.next.releaseAt ?? Infinity);
        if (order(step.to) > order('grace')) expect(facts.owedUnits > 0n && facts.grace === null).toBe(true);
        taken.push(step);
        standing = step.next;
      }
      if (standing.state !== 'ok') expect(dueSteps(standing, facts, TERMS, now)).toEqual([]);
      if (facts.owedUnits === 0n) expect(order(standing.state)).toBeLessThan(order('grace'));
    }
    const told = taken.filter(({ from, to }) => from !== to).map(({ to, next }) => `${next.episode} ${to}`);
    expect(new Set(told).size).toBe(told.length);
  });
});
