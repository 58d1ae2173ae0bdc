import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { MIB } from './card-profile.ts';
import { CaptureError, type NodeCapture, parseCapture, specOfCapture } from './capture.ts';
import { ppuTools } from './ppu-smi/ppu-smi.ts';
import { PpuSmiDriver } from './ppu-smi-driver/ppu-smi-driver.ts';
import { PpuSmiServer } from './ppu-smi-driver/server.ts';
import { overSocket } from './kubelet/testing.ts';
import { openFleet } from './registry.ts';
import type { SimulatedNodeSpec, SimulatedWorld } from './simulation.ts';
import { at } from './testing.ts';
import { differencesOf, isRecordingAbsent, recordedServer, type RoundTrip } from './testing-capture.ts';
import { pauseFor } from './tool/pause.ts';
import { programCommand } from './tool/in-process.ts';
import type { DeviceDriver } from './types.ts';
import { FleetWatch } from './watch.ts';

const START = at('2026-11-21T06:00:00Z');
const SKIPPED = isRecordingAbsent ? 'SKIPPED, no ../shared/data to compare with: ' : '';

function openWorld(spec: SimulatedNodeSpec): { world: SimulatedWorld; passTo: (text: string) => void } {
  let now = START;
  const world = openFleet('simulated', { nodes: [spec], seed: 1, startAt: START, rates: null, clock: () => now });
  return {
    world,
    passTo: (text) => {
      now = at(text);
      world.runTo(now);
    },
  };
}

async function ready(driver: DeviceDriver): Promise<DeviceDriver> {
  await driver.init();
  return driver;
}

/** A driver that knows the server from what its tools print, and from nothing else. */
function toolDriver({ nodeId, ...spec }: SimulatedNodeSpec): DeviceDriver {
  const { world } = openWorld({ nodeId, ...spec });
  const tools = ppuTools({ openDriver: () => world.driver(nodeId), now: () => START, wait: pauseFor });
  const tool = (name: string) => programCommand(present(tools.get(name), name));
  return new PpuSmiDriver(
    new PpuSmiServer({
      ppuSmi: tool('ppu-smi'),
      lspci: tool('lspci'),
      now: () => START,
      pause: (signal) => pauseFor(1_000, signal),
    }),
  );
}

/** Every adapter that can stand before a simulated server. */
const ADAPTERS: readonly RoundTrip[] = [
  { adapter: 'the simulator', lacks: [], open: (spec) => ready(openWorld(spec).world.driver(spec.nodeId)) },
  { adapter: 'the vendor’s tool', lacks: [], open: (spec) => ready(toolDriver(spec)) },
];

describe.skipIf(isRecordingAbsent)(`${SKIPPED}the recording of a real server`, () => {
  test('is of sixteen cards as we know them', () => {
    const { cards, driverVersion, paths } = recordedServer();
    expect(cards).toHaveLength(16);
    expect(driverVersion).toBe('2.1.0-ra1f23041713');
    expect(
      cards.every(
        ({ index, minor, icnLinks, activeIcnLinks }) => minor === index + 1 && icnLinks === 7 && activeIcnLinks === 0,
      ),
    ).toBe(true);
    expect(cards[0]).toMatchObject({
      uuid: 'GPU-019e2226-4211-0208-0000-000000ab261d',
      pciBusId: '00000000:a8:00.0',
      numaNode: 4,
      cpuAffinity: '64-79,192-207',
      memUsedBytes: 91_349 * MIB,
    });
    expect(paths[14]).toEqual([...new Array(14).fill('ICN'), 'SELF', 'PIX']);
  });

  test.each(ADAPTERS)('comes back equal through $adapter', async (adapter) => {
    expect(await differencesOf(adapter, recordedServer())).toEqual([]);
  });

  test('comes back other when anything in between is other', async () => {
    const [adapter] = ADAPTERS;
    const recorded = recordedServer();
    const [first, ...rest] = recorded.cards;
    if (!adapter || !first) return expect.fail('no adapter');
    const changed: [string, RoundTrip['open']][] = [
      [
        'card 0 numaNode',
        (spec) =>
          adapter.open({
            ...spec,
            cards: spec.cards.map((card) => ({ ...card, numaNode: card.slot === 0 ? 9 : card.numaNode })),
          }),
      ],
      ['paths differ', ({ recordedPaths: _, ...spec }) => adapter.open(spec)],
      ['driver became', (spec) => adapter.open({ ...spec, driverVersion: 'other' })],
      ['15 cards came back', (spec) => adapter.open({ ...spec, cards: spec.cards.slice(0, 15) })],
      [
        'card 0 memUsedBytes',
        (spec) =>
          adapter.open({
            ...spec,
            cards: spec.cards.map(({ recorded: own, ...card }) =>
              own ? { ...card, recorded: { ...own, memUsedBytes: 0 } } : card,
            ),
          }),
      ],
    ];
    for (const [difference, open] of changed) {
      expect((await differencesOf({ ...adapter, open }, { ...recorded, cards: [first, ...rest] })).join()).toContain(
        difference,
      );
    }
  });

  test('keeps its identities and NUMA nodes in the lists of a plugin behind a socket', async () => {
    const recorded = recordedServer();
    const { world } = openWorld(specOfCapture(recorded, 'recorded'));
    const { client } = await overSocket(world.plugin('recorded'));
    const abort = new AbortController();
    for await (const devices of client.listAndWatch(abort.signal)) {
      const expected = recorded.cards.map(({ uuid, numaNode }) => ({ id: uuid, health: 'Healthy', numa: [numaNode] }));
      expect(devices.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        expected.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      abort.abort();
    }
    expect.assertions(1);
  });

  test('contradicts itself, and is kept as it stands: joined by links of which none is active', async () => {
    const { world } = openWorld(specOfCapture(recordedServer(), 'recorded'));
    const driver = await ready(world.driver('recorded'));
    const { path, icnBonded } = await driver.topology();
    expect([path[0]?.[1], icnBonded[0]?.[1]]).toEqual(['ICN', 0]);
    expect((await driver.links({ index: 0 })).map(({ state, remote }) => `${state} ${remote.kind}`)).toEqual(
      new Array(7).fill('inactive unknown'),
    );
  });

  test('is a server of healthy cards', async () => {
    const { world } = openWorld(specOfCapture(recordedServer(), 'recorded'));
    const watch = new FleetWatch(new Map([['recorded', world.driver('recorded')]]));
    await watch.settled();
    expect(watch.take().map(({ verdict }) => verdict.reason)).toEqual(new Array(16).fill('none'));
  });

  test('has 91,349 MiB held by somebody, which a reboot ends, while other indices come', async () => {
    const { world, passTo } = openWorld(specOfCapture(recordedServer(), 'recorded'));
    const driver = await ready(world.driver('recorded'));
    const [first] = await driver.list();
    const ref = { uuid: first?.uuid ?? '' };
    expect(await driver.processes(ref)).toMatchObject([{ name: null, usedBytes: { value: 91_349 * MIB } }]);
    await expect(driver.reset(ref, 'ppu')).rejects.toThrow();
    world.host('recorded').perform('os_reboot');
    passTo('2026-11-21T07:00:00Z');
    expect((await driver.sample(ref, ['memUsedBytes'])).memUsedBytes).toMatchObject({ value: 0 });
    expect(await driver.info(ref)).toMatchObject({ index: 1, minor: 2, deviceNode: '/dev/alixpu_ppu1' });
  });

  test('rests at what was recorded of power and temperature, hours later too', async () => {
    const recorded = recordedServer();
    const { world, passTo } = openWorld(specOfCapture(recorded, 'recorded'));
    const driver = await ready(world.driver('recorded'));
    passTo('2026-11-21T16:00:00Z');
    for (const { uuid, tempC } of recorded.cards) {
      expect((await driver.sample({ uuid }, ['tempC'])).tempC).toMatchObject({ value: tempC });
    }
  });
});

/** A recording of two cards, for those who have none. */
function smallRecording() {
  const card = (index: number) => ({
    manufacturer: 'thead',
    index,
    name: 'PPU-ZW810E',
    uuid: `GPU-019e2226-4211-0208-0000-00000000000${index}`,
    driver_version: '2.1.0',
    runtime_version: null,
    runtime_version_original: null,
    compute_capability: '8.0',
    cores: 16_384,
    cores_utilization: index === 1 ? 40 : 0,
    memory: 98_304,
    memory_used: 0,
    memory_utilization: 0,
    memory_status: 'healthy',
    temperature: 40,
    power: 400,
    power_used: index === 1 ? 250 : 93,
    appendix: { mig: false, bdf: `0000:a${index}:00.0`, minor_number: index + 1, numa: '4' },
  });
  const links = { links_count: 7, links_state: 0, links_active_count: 5 };
  const node = {
    manufacturer: 'thead',
    devices_distances: [
      [0, 5],
      [5, 0],
    ],
    devices_cpu_affinities: ['0-15', '0-15'],
    devices_numa_affinities: ['4', '4'],
    appendices: [links, links],
  };
  return { detection: [card(0), card(1)], topology: [node] };
}

test('active links of a recording are up and lead nobody knows where; a busy card is as busy, hot and hungry', async () => {
  const { detection, topology } = smallRecording();
  const recorded: NodeCapture = parseCapture(detection, topology);
  const [adapter] = ADAPTERS;
  if (!adapter) return expect.fail('no adapter');
  const differences = await differencesOf({ ...adapter, lacks: ['utilPct'] }, recorded);
  expect(differences).toEqual([]);
});

describe('a recording is refused', () => {
  type Recording = ReturnType<typeof smallRecording>;
  const first = (of: Recording) => of.detection[0] ?? expect.fail('a card');
  const joined = (of: Recording) => of.topology[0] ?? expect.fail('a node');
  test.each<[string, (of: Recording) => unknown, string]>([
    ['with a key nobody knows', (of) => Object.assign(first(of), { colour: 'red' }), 'detection.0.colour'],
    ['without a key', (of) => Reflect.deleteProperty(first(of), 'uuid'), 'detection.0.uuid'],
    [
      'with a bus id that is none',
      (of) => Object.assign(first(of).appendix, { bdf: 'a8' }),
      'detection.0.appendix.bdf',
    ],
    [
      'with a NUMA node that is none',
      (of) => Object.assign(first(of).appendix, { numa: '4a' }),
      'detection.0.appendix.numa',
    ],
    [
      'with memory that is ill',
      (of) => Object.assign(first(of), { memory_status: 'bad' }),
      'detection.0.memory_status',
    ],
    ['with a card twice', (of) => Object.assign(first(of), { uuid: of.detection[1]?.uuid }), 'repeats itself'],
    [
      'with a bus twice',
      (of) => Object.assign(first(of).appendix, { bdf: of.detection[1]?.appendix.bdf.toUpperCase() }),
      'bdf repeats itself',
    ],
    ['out of order', (of) => of.detection.reverse(), 'order of their index'],
    ['of two drivers', (of) => Object.assign(first(of), { driver_version: '1' }), 'one driver'],
    ['using more memory than there is', (of) => Object.assign(first(of), { memory_used: 98_305 }), 'more memory'],
    [
      'with an unknown distance',
      (of) => joined(of).devices_distances[0]?.splice(1, 1, 7),
      'topology.0.devices_distances.0.1',
    ],
    ['lopsided', (of) => joined(of).devices_distances[0]?.splice(1, 1, 10), 'read by column'],
    ['far from itself', (of) => joined(of).devices_distances[0]?.splice(0, 1, 10), 'to itself'],
    ['with a list too short', (of) => joined(of).appendices.pop(), 'not every list'],
    ['with NUMA nodes that differ', (of) => joined(of).devices_numa_affinities.splice(0, 1, '5'), 'NUMA'],
    ['with two topologies', (of) => of.topology.push(joined(of)), 'topology'],
  ])('%s', (_name, spoil, message) => {
    const recording = smallRecording();
    parseCapture(recording.detection, recording.topology);
    spoil(recording);
    const act = () => parseCapture(recording.detection, recording.topology);
    expect(act).toThrow(CaptureError);
    expect(act).toThrow(message);
  });

  test.each<[string, Partial<NodeCapture['cards'][number]>]>([
    ['of a model without a profile', { model: 'PPU-X' }],
    ['of another memory than the model has', { memoryBytes: 1 }],
    ['of another power limit than the model has', { powerLimitMw: 1 }],
  ])('as a server, %s', (_name, changed) => {
    const { detection, topology } = smallRecording();
    const capture = parseCapture(detection, topology);
    const act = () => specOfCapture({ ...capture, cards: capture.cards.map((card) => ({ ...card, ...changed })) }, 'a');
    expect(act).toThrow(CaptureError);
  });
});
