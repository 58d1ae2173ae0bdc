import { describe, expect, test } from 'vitest';
import { DAY_MS, instant, type Instant } from '#lib/core/instant.ts';
import { ASSUMED_RATES, type FaultRates, LLAMA3_RATES } from '../fault-rates.ts';
import { openFleet } from '../registry.ts';
import type { SimulatedWorld } from '../simulation.ts';
import { at, describeEvent, listen, nodeSpecs, openTestFleet } from '../testing.ts';
import { SAMPLE_FIELDS } from '../types.ts';

const START = at('2026-11-21T06:00:00Z');

function openWorld(nodes: number, options: { seed?: number; rates?: FaultRates | null; startAt?: Instant } = {}) {
  const { seed = 1, rates = LLAMA3_RATES, startAt = START } = options;
  return openFleet('simulated', { nodes: nodeSpecs(nodes), seed, startAt, rates, clock: () => startAt });
}

/** Every event of every server over 30 days, with the server's id. */
async function historyOf(world: SimulatedWorld, run: (world: SimulatedWorld) => void): Promise<string[]> {
  const listeners = await Promise.all(
    world.nodeIds.map(async (nodeId) => {
      const driver = world.driver(nodeId);
      await driver.init();
      return { nodeId, events: listen(driver) };
    }),
  );
  run(world);
  const lines: string[] = [];
  for (const { nodeId, events } of listeners) {
    for (const event of await events.heard()) lines.push(`${nodeId} ${describeEvent(event)}`);
  }
  return lines;
}

const END = instant(START + 30 * DAY_MS);

describe('30 days of 10,000 cards at the Llama 3 rates', () => {
  test('are the same twice, whether run at once or from event to event', async () => {
    const atOnce = await historyOf(openWorld(625), (world) => world.runTo(END));
    const stepped = await historyOf(openWorld(625), (world) => {
      for (let next = world.nextEventAt(); next !== null && next <= END; next = world.nextEventAt()) world.runTo(next);
    });
    expect(atOnce.length).toBeGreaterThan(150);
    expect(stepped).toEqual(atOnce);
  });

  test('are others with another seed', async () => {
    const one = await historyOf(openWorld(100), (world) => world.runTo(END));
    const other = await historyOf(openWorld(100, { seed: 2 }), (world) => world.runTo(END));
    expect(other).not.toEqual(one);
  });
});

describe('time', () => {
  test('never goes back, and running to the past does nothing', async () => {
    const { world, driver, passTo } = openTestFleet();
    passTo('2026-11-21T07:00:00Z');
    world.runTo(at('2026-11-21T06:30:00Z'));
    const { tempC } = await (await driver()).sample({ index: 0 }, ['tempC']);
    expect(tempC).toMatchObject({ at: at('2026-11-21T07:00:00Z') });
  });

  test('each step that is announced changes something, and nothing happens in between', async () => {
    const world = openWorld(50, { rates: ASSUMED_RATES });
    for (let i = 0; i < 20; i += 1) {
      const next = world.nextEventAt();
      if (next === null) break;
      world.runTo(instant(next - 1));
      expect(world.nextEventAt()).toBe(next);
      world.runTo(next);
      expect(world.nextEventAt()).not.toBe(next);
    }
  });

  test('two looks at one instant agree in every field', async () => {
    const { driver, world, uuid } = openTestFleet();
    world.host('node-000').spawn({ uuids: [uuid(0)], name: 'x', runSeconds: 60, exitCode: 0, load: 'inference' });
    const device = await driver();
    expect(await device.sample({ index: 0 }, SAMPLE_FIELDS)).toEqual(await device.sample({ index: 0 }, SAMPLE_FIELDS));
  });
});

describe('after a restart of the process', () => {
  test('open faults are as they were, without a word, down to the wire that is broken', async () => {
    const before = openTestFleet({ nodes: 2 });
    for (const [slot, kind] of ['lost', 'icn_down', 'kill_overtime', 'cecc_storm', 'thermal', 'sdc'].entries()) {
      await before.world.injector.inject({ target: { uuid: before.uuid(slot) }, kind: kind as 'lost' });
    }
    await before.world.injector.inject({ target: { nodeId: 'node-001' }, kind: 'lib_mismatch' });
    const open = before.world.openFaults();

    const after = openTestFleet({ nodes: 2 });
    const device = await after.driver();
    const events = listen(device);
    after.world.restore(open);
    after.world.restore(open);
    expect(after.world.openFaults()).toEqual(open);
    expect(await events.heard()).toEqual([]);
    const original = await before.driver();
    for (const slot of [1, 3, 6]) {
      expect(await device.links({ uuid: after.uuid(slot) })).toEqual(await original.links({ uuid: before.uuid(slot) }));
    }
    expect(await device.recoveryAction({ uuid: after.uuid(0) })).toMatchObject({ value: 'cold_reboot' });
    expect(await device.sample({ uuid: after.uuid(3) }, ['eccCorVol'])).toMatchObject({ eccCorVol: { value: 20_000 } });
  });

  test('a fault that has ended by itself meanwhile is not restored', () => {
    const { world, uuid, passTo } = openTestFleet();
    passTo('2026-11-22T06:00:00Z');
    world.restore([{ uuid: uuid(0), kind: 'thermal', since: START }]);
    expect(world.openFaults()).toEqual([]);
  });

  test('what comes by itself afterwards is what would have come anyway', async () => {
    const restartAt = instant(START + 10 * DAY_MS);
    const whole = await historyOf(openWorld(200), (world) => world.runTo(END));
    const rest = await historyOf(openWorld(200, { startAt: restartAt }), (world) => world.runTo(END));
    const xidsOf = (lines: readonly string[]): string[] =>
      lines.filter((line) => line.includes(' xid ') && Number(line.split(' ')[1]) > restartAt);
    const common = new Set(xidsOf(whole));
    expect(xidsOf(rest).filter((line) => common.has(line)).length).toBeGreaterThan(0.8 * common.size);
  });
});

test.each([
  ['a model without a profile', [{ nodeId: 'a', modelId: 'tpu-v5p', driverVersion: '1', cards: [] }]],
  ['one server twice', [...nodeSpecs(1), ...nodeSpecs(1)]],
])('a world with %s is refused', (_name, nodes) => {
  expect(() => openFleet('simulated', { nodes, seed: 1, startAt: START, rates: null, clock: () => START })).toThrow();
});
