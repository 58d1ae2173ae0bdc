// Reading 10,000 simulated cards through the driver interface: samples, a round of the watch, a scrape, and how long
// a fault takes to become a change of health.
import { present } from '#lib/core/assert.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { simulatedIdentity } from '#lib/devices/identity.ts';
import { Collector } from '#lib/devices/metrics/collector.ts';
import { EventTally } from '#lib/devices/metrics/event-tally.ts';
import { FleetReader } from '#lib/devices/metrics/fleet-reader.ts';
import { renderSnapshot } from '#lib/devices/metrics/render.ts';
import { WATCHED_EVENTS } from '#lib/devices/node-watch.ts';
import { openFleet } from '#lib/devices/registry.ts';
import type { SimulatedNodeSpec, SimulatedWorld } from '#lib/devices/simulation.ts';
import type { FaultKind } from '#lib/devices/fault-types.ts';
import { type DeviceDriver, type NumberReading, SAMPLE_FIELDS } from '#lib/devices/types.ts';
import { FleetWatch } from '#lib/devices/watch.ts';
import { planFleet } from '#lib/inventory/fleet-plan.ts';
import { SHAOGUAN } from '#prisma/seed/fleet.ts';
import type { Bench } from './command-line.ts';
import { memoryInUse, repeatedly, type Result, resultOf, secondsOf, workedSeconds } from './measure.ts';
import { percentile, rounded } from './figures.ts';

const SEED = 7;
const START_AT = instant(Date.UTC(2026, 10, 21, 6));
/** The share of servers that train, as on a working day; the others idle. */
const BUSY_SHARE = 0.8;
const FAULTS_A_RUN = 100;
/** The reference is quick, so it is repeated until a collection of garbage more or less does not matter. */
const PLAIN_PASSES = 8;
/** Kinds that announce themselves and change a verdict. */
const FAULTS: readonly FaultKind[] = ['lost', 'kill_overtime', 'icn_down', 'cecc_storm', 'thermal'];

type Fleet = {
  readonly nodes: readonly SimulatedNodeSpec[];
  readonly world: SimulatedWorld;
  readonly drivers: ReadonlyMap<string, DeviceDriver>;
  readonly watch: FleetWatch;
  readonly collector: Collector;
  readonly time: { now: Instant };
};

/** The fleet as the seed lays it out, most of it at work. */
function openShaoguan(): Fleet {
  const plan = planFleet(SHAOGUAN);
  const { modelId } = SHAOGUAN;
  const cardsOf = Map.groupBy(plan.cards, (card) => card.serverId);
  const nodes = plan.servers.map(({ id: nodeId }): SimulatedNodeSpec => {
    const cards = present(cardsOf.get(nodeId), `cards of ${nodeId}`).map(({ slot }) => ({
      slot,
      ...simulatedIdentity({ seed: SEED, nodeKey: nodeId, slot, modelId }),
    }));
    return { nodeId, modelId, driverVersion: '1.5.1-1d747a', cards };
  });
  const time = { now: START_AT };
  const world = openFleet('simulated', { nodes, seed: SEED, startAt: START_AT, rates: null, clock: () => time.now });
  const drivers = new Map(nodes.map(({ nodeId }) => [nodeId, world.driver(nodeId)]));
  const events = new EventTally([...WATCHED_EVENTS, 'overflow']);
  const watch = new FleetWatch(drivers, (event) => events.hear(event));
  const reader = new FleetReader({
    siteId: plan.siteId,
    poolId: plan.poolId,
    modelId,
    servers: nodes.map(({ nodeId, cards }) => ({
      serverId: nodeId,
      hostname: nodeId,
      supernodeId: present(plan.places.find(({ id }) => id === nodeId)?.parentId, `supernode of ${nodeId}`),
      driver: present(drivers.get(nodeId), nodeId),
      cards: cards.map(({ uuid, slot }) => ({ uuid, cardId: `crd_${nodeId.slice('nod_'.length)}-c${slot}` })),
    })),
    health: watch,
    events,
    clock: () => time.now,
  });
  for (const { nodeId, cards } of nodes.slice(0, Math.floor(nodes.length * BUSY_SHARE))) {
    const uuids = cards.map(({ uuid }) => uuid);
    world.host(nodeId).spawn({ uuids, name: 'train', runSeconds: null, exitCode: 0, load: 'training' });
  }
  return {
    nodes,
    world,
    drivers,
    watch,
    collector: new Collector(
      () => [reader],
      () => performance.now(),
    ),
    time,
  };
}

type Sampler = (uuid: string) => Promise<unknown>;

/** Asks every card once, a server after another, its cards at the same time. */
async function sampleAll({ nodes }: Fleet, samplerOf: (nodeId: string) => Sampler): Promise<void> {
  for (const { nodeId, cards } of nodes) {
    const sample = samplerOf(nodeId);
    await Promise.all(cards.map(({ uuid }) => sample(uuid)));
  }
}

/** What no driver can be faster than: an object of numbers a card, a reading made of each field. */
function plainSampler({ nodes }: Fleet): Sampler {
  const plain = new Map(
    nodes.flatMap(({ cards }) => cards.map(({ uuid, slot }) => [uuid, SAMPLE_FIELDS.map((_, i) => slot + i)] as const)),
  );
  return async (uuid) => {
    const readings: NumberReading[] = [];
    for (const value of present(plain.get(uuid), uuid)) readings.push({ ok: true, value, at: START_AT });
    return readings;
  };
}

/** Breaks a card that was well, and waits until the watch has changed its mind about it; seconds of work. */
async function faultSeconds({ nodes, world, watch }: Fleet, ordinal: number): Promise<number> {
  const slots = nodes[0]?.cards.length ?? 1;
  // Every fault strikes another server, so that none meets the traces of an earlier one.
  const node = present(nodes[ordinal % nodes.length], 'a server');
  const { uuid } = present(node.cards[ordinal % slots], 'a card');
  const kind = present(FAULTS[ordinal % FAULTS.length], 'a fault');
  const before = workedSeconds();
  await world.injector.inject({ target: { uuid }, kind });
  await watch.settled();
  const changes = watch.take();
  const seconds = workedSeconds() - before;
  if (!changes.some((change) => change.uuid === uuid)) throw new Error(`${kind} on ${uuid} changed no verdict`);
  return seconds;
}

type Run = {
  readonly plain: number;
  readonly sample: number;
  readonly reread: number;
  readonly collect: number;
  readonly print: number;
  readonly write: number;
  readonly bytes: number;
  readonly faults: readonly number[];
};

async function runOnce(fleet: Fleet, repetition: number): Promise<Run> {
  fleet.time.now = plusSeconds(fleet.time.now, 10);
  const plainSample = plainSampler(fleet);
  const plain = await secondsOf(async () => {
    for (let i = 0; i < PLAIN_PASSES; i += 1) await sampleAll(fleet, () => plainSample);
  });
  const sample = await secondsOf(() =>
    sampleAll(fleet, (nodeId) => {
      const driver = present(fleet.drivers.get(nodeId), nodeId);
      return (uuid) => driver.sample({ uuid }, SAMPLE_FIELDS);
    }),
  );
  const reread = await secondsOf(() => fleet.watch.reread());
  let pieces: Iterable<string> = [];
  const collect = await secondsOf(async () => {
    pieces = renderSnapshot(await fleet.collector.collect());
  });
  let [bytes, longest] = [0, 0];
  const print = await secondsOf(() => {
    for (const piece of pieces) {
      bytes += Buffer.from(piece).length;
      longest = Math.max(longest, piece.length);
    }
  });
  const constant = 'x'.repeat(longest);
  const write = await secondsOf(() => {
    for (let left = bytes; left > 0; left -= longest) Buffer.from(constant);
  });
  const faults: number[] = [];
  for (let i = 0; i < FAULTS_A_RUN; i += 1) faults.push(await faultSeconds(fleet, repetition * FAULTS_A_RUN + i));
  return { plain: plain / PLAIN_PASSES, sample, reread, collect, print, write, bytes, faults };
}

function resultsOf(runs: readonly Run[], cards: number): Result[] {
  const plain = { what: 'making readings of plain numbers' };
  const against = (key: 'sample' | 'reread' | 'collect') => ({
    ...plain,
    ratios: runs.map((run) => run[key] / run.plain),
  });
  const readings = cards * SAMPLE_FIELDS.length;
  const ms = (share: number) => runs.map(({ faults }) => 1_000 * percentile(faults, share));
  return [
    resultOf(
      'samples',
      'readings/s',
      runs.map(({ sample }) => readings / sample),
      against('sample'),
    ),
    resultOf(
      'watch round',
      's',
      runs.map(({ reread }) => reread),
      against('reread'),
    ),
    resultOf(
      'scrape: collecting',
      's',
      runs.map(({ collect }) => collect),
      against('collect'),
    ),
    resultOf(
      'scrape: printing',
      's',
      runs.map(({ print }) => print),
      {
        what: 'encoding a constant text of the same size',
        ratios: runs.map(({ print, write }) => print / write),
      },
    ),
    resultOf(
      'scrape: size',
      'MB',
      runs.map(({ bytes }) => bytes / 1e6),
    ),
    resultOf('fault to health, p50', 'ms', ms(0.5)),
    resultOf('fault to health, p99', 'ms', ms(0.99)),
  ];
}

/** Simulated fleet of 10,000 cards; memory is counted over what the process needed before it. */
export const devicesBench: Bench = repeatedly({
  name: 'devices',
  title: 'reading 10,000 simulated cards',
  repetitions: 5,
  measure: async (repetitions) => {
    const before = memoryInUse();
    const startedSeconds = workedSeconds();
    const fleet = openShaoguan();
    await fleet.watch.settled();
    fleet.watch.take();
    const setup = workedSeconds() - startedSeconds;
    const after = memoryInUse();
    const cards = fleet.nodes.reduce((sum, node) => sum + node.cards.length, 0);
    await runOnce(fleet, 0);
    const runs: Run[] = [];
    for (let i = 1; i <= repetitions; i += 1) runs.push(await runOnce(fleet, i));
    const heap = after.heapBytes - before.heapBytes;
    return {
      size: { cards, servers: fleet.nodes.length, fields: SAMPLE_FIELDS.length, faults: FAULTS_A_RUN * repetitions },
      results: [
        ...resultsOf(runs, cards),
        resultOf('setup', 's', [setup]),
        resultOf('heap after setup', 'MB', [heap / 1e6]),
        resultOf('heap a card', 'bytes', [rounded(heap / cards)]),
        resultOf('resident after setup', 'MB', [(after.residentBytes - before.residentBytes) / 1e6]),
      ],
    };
  },
});
