import { describe, expect, test } from 'vitest';
import { DAY_MS, instant } from '#lib/core/instant.ts';
import { type FaultLayer, LayerError } from '../fault-layer.ts';
import { type FaultRates, LLAMA3_RATES } from '../fault-rates.ts';
import { openFleet } from '../registry.ts';
import type { FaultArrival } from '../simulation.ts';
import { at, nodeSpecs } from '../testing.ts';

const START = at('2026-11-21T00:00:00Z');
const SPECS = nodeSpecs(20);
const UUID = SPECS[3]?.cards[5]?.uuid ?? '';
const NO_LEMONS: FaultRates = { perHour: { lost: 1e-3 }, lemonShare: 0, lemonFactor: 10 };

function open(layer: FaultLayer, rates: FaultRates | null = NO_LEMONS) {
  const arrivals: FaultArrival[] = [];
  const onFault = (arrival: FaultArrival): void => void arrivals.push(arrival);
  const base = { nodes: SPECS, seed: 1, startAt: START, rates, clock: () => START };
  const world = openFleet('simulated', { ...base, layer, onFault });
  const after = (days: number): FaultArrival[] => {
    world.runTo(instant(START + days * DAY_MS));
    return arrivals;
  };
  return { world, after };
}

const told = (arrivals: readonly FaultArrival[]): string[] => arrivals.map((arrival) => JSON.stringify(arrival));

describe('a layer of rates', () => {
  test('changes the servers that it names, and no arrival on any other', () => {
    const plain = told(open({}).after(60)).filter((line) => !line.includes('node-003'));
    const layered = told(open({ card: { [UUID]: { perHour: { lost: 0.5 } } } }).after(60));
    expect(layered.filter((line) => !line.includes('node-003'))).toEqual(plain);
    const ofServer = layered.filter((line) => line.includes('node-003'));
    expect(ofServer.filter((line) => line.includes(UUID)).length / ofServer.length).toBeGreaterThan(0.9);
    expect(ofServer.length).toBeGreaterThan(600);
  });

  test('of zero for one card spares that card alone', () => {
    const layer: FaultLayer = {
      node: { 'node-003': { perHour: { lost: 0.01 } } },
      card: { [UUID]: { perHour: { lost: 0 } } },
    };
    const struck = open(layer)
      .after(60)
      .filter(({ nodeId }) => nodeId === 'node-003');
    expect(new Set(struck.map(({ uuid }) => uuid)).size).toBe(15);
    expect(struck.some(({ uuid }) => uuid === UUID)).toBe(false);
  });

  test('adds up to what the fleet says of itself, lemon factors in place of the lottery', () => {
    const perHour = 320 * 1e-3;
    expect(open({}).world.faultsPerHour()).toBeCloseTo(perHour, 9);
    expect(open({ node: { 'node-003': { lemonFactor: 11 } } }).world.faultsPerHour()).toBeCloseTo(perHour + 0.16, 9);
    expect(open({ card: { [UUID]: { lemonFactor: 0 } } }).world.faultsPerHour()).toBeCloseTo(perHour - 1e-3, 9);
    expect(open({ all: { lemonFactor: 2 } }, LLAMA3_RATES).world.faultsPerHour()).toBeCloseTo(
      2 * 320 * Object.values(LLAMA3_RATES.perHour).reduce((a, b) => a + b, 0),
      9,
    );
  });

  test('brings faults to a fleet that has no rates of its own', () => {
    const arrivals = open({ model: { zw810e: { perHour: { driver_unloaded: 0.01 } } } }, null).after(30);
    expect(new Set(arrivals.map(({ kind, uuid }) => `${kind} ${uuid}`))).toEqual(new Set(['driver_unloaded null']));
    expect(arrivals.length).toBeGreaterThan(100);
  });
});

test('a layer of figures and repair times shows in readings and repairs of those places alone', async () => {
  const layer: FaultLayer = {
    node: { 'node-003': { repairSeconds: { os_reboot: 900 }, figures: { coolantC: 40 } } },
    card: { [UUID]: { figures: { powerIdleMinMw: 120_000, powerIdleMaxMw: 120_000 } } },
  };
  const { world } = open(layer, null);
  const driver = world.driver('node-003');
  await driver.init();
  const { powerMw, tempC } = await driver.sample({ uuid: UUID }, ['powerMw', 'tempC']);
  expect(powerMw.ok && Math.abs(powerMw.value - 120_000)).toBeLessThan(2_000);
  expect(tempC.ok && Math.abs(tempC.value - (40 + 0.11 * 120))).toBeLessThan(1.5);
  expect(world.host('node-003').perform('os_reboot')).toBe(START + 900_000);
  expect(world.host('node-004').perform('os_reboot')).toBe(START + 240_000);
});

test.each(['model', 'node', 'card'] as const)('a world refuses a layer that names an unknown %s', (scope) => {
  expect(() => open({ [scope]: { nobody: {} } })).toThrow(LayerError);
});
