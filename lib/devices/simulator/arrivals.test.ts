import { describe, expect, test } from 'vitest';
import { DAY_MS, type Instant, instant } from '#lib/core/instant.ts';
import { type FaultRates, LLAMA3_RATES } from '../fault-rates.ts';
import { at, nodeSpecs } from '../testing.ts';
import { Arrivals } from './arrivals.ts';
import { buildSim } from './build.ts';
import { isLemon } from './hazard.ts';
import type { SimNode } from './state.ts';

const START = at('2026-11-21T06:00:00Z');
const NO_LEMONS: FaultRates = { ...LLAMA3_RATES, lemonShare: 0 };

function nodesOf(count: number, rates: FaultRates = NO_LEMONS): SimNode[] {
  const sim = buildSim({ nodes: nodeSpecs(count), seed: 1, startAt: START, rates, clock: () => START });
  return [...sim.nodes.values()];
}

function historyOf(
  nodes: readonly SimNode[],
  options: { seed?: number; rates?: FaultRates; from?: Instant; days: number },
) {
  const { seed = 1, rates = NO_LEMONS, from = START, days } = options;
  const arrivals = new Arrivals(seed, rates, nodes, from);
  const endAt = START + days * DAY_MS;
  const history: string[] = [];
  for (let next = arrivals.peek(from); next && next.at <= endAt; next = arrivals.peek(next.at)) {
    history.push([next.at, next.node.id, next.card?.slot ?? '-', next.kind].join(' '));
    arrivals.take();
  }
  return history;
}

describe('faults that come by themselves', () => {
  test('come as often as their rates say: within four standard deviations of the mean', () => {
    const perHour = Object.values(LLAMA3_RATES.perHour).reduce((a, b) => a + b, 0);
    const mean = perHour * 10_000 * 24 * 90;
    const count = historyOf(nodesOf(625), { days: 90 }).length;
    expect(Math.abs(count - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });

  test('are spread as a Poisson process: the daily count varies as much as its mean', () => {
    const rates: FaultRates = { ...NO_LEMONS, perHour: { lost: 1e-3 } };
    const days = new Array<number>(120).fill(0);
    for (const line of historyOf(nodesOf(10, rates), { rates, days: 120 })) {
      const day = Math.floor((Number(line.split(' ')[0]) - START) / DAY_MS);
      days[day] = (days[day] ?? 0) + 1;
    }
    const mean = days.reduce((a, b) => a + b, 0) / days.length;
    const variance = days.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (days.length - 1);
    expect(mean).toBeCloseTo(3.84, 0);
    expect(variance / mean).toBeGreaterThan(0.7);
    expect(variance / mean).toBeLessThan(1.4);
  });

  test('do not depend on when the world began, nor on the other servers', () => {
    const whole = historyOf(nodesOf(40), { rates: LLAMA3_RATES, days: 400 });
    const later = instant(START + 100 * DAY_MS);
    expect(historyOf(nodesOf(40), { rates: LLAMA3_RATES, from: later, days: 400 })).toEqual(
      whole.filter((line) => Number(line.split(' ')[0]) > later),
    );
    expect(historyOf(nodesOf(4), { rates: LLAMA3_RATES, days: 400 })).toEqual(
      whole.filter((line) => /node-00[0-3]/.test(line)),
    );
  });

  test('are others with another seed', () => {
    const nodes = nodesOf(40);
    expect(historyOf(nodes, { seed: 2, days: 400 })).not.toEqual(historyOf(nodes, { days: 400 }));
  });
});

test('lemons fail ten times as often while the fleet keeps its mean', () => {
  const rates: FaultRates = { perHour: { lost: 1e-4 }, lemonShare: 0.1, lemonFactor: 10 };
  const nodes = nodesOf(500, rates);
  const lemons = new Set(nodes.filter((node) => isLemon(1, rates, node)).map((node) => node.id));
  const history = historyOf(nodes, { rates, days: 30 });
  const ofLemons = history.filter((line) => lemons.has(line.split(' ')[1] ?? '')).length;
  const perLemon = ofLemons / lemons.size;
  const perOther = (history.length - ofLemons) / (nodes.length - lemons.size);
  expect(lemons.size).toBeGreaterThan(30);
  expect(perLemon / perOther).toBeGreaterThan(8);
  expect(perLemon / perOther).toBeLessThan(12);
  expect(history.length / (1e-4 * 8_000 * 720)).toBeCloseTo(1, 0);
});

test('without rates nothing comes, and a search for what never comes ends', () => {
  const none: FaultRates = { perHour: {}, lemonShare: 0, lemonFactor: 10 };
  expect(new Arrivals(1, null, nodesOf(1, none), START).peek(START)).toBeNull();
  const never: FaultRates = { ...none, perHour: { lost: 1e-12 } };
  expect(new Arrivals(1, never, nodesOf(1, never), START).peek(START)).toBeNull();
});
