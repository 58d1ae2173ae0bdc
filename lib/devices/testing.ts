import { present } from '#lib/core/assert.ts';
import { type Instant, later, parseInstant } from '#lib/core/instant.ts';
import type { FaultRates } from './fault-rates.ts';
import { simulatedIdentity } from './identity.ts';
import { findProfile } from './profiles.ts';
import { openFleet } from './registry.ts';
import type { SimulatedNodeSpec, SimulatedWorld } from './simulation.ts';
import type { FaultKind } from './fault-types.ts';
import { type DeviceDriver, type DeviceEvent, type DeviceEventType, EVERY_EVENT } from './types.ts';

/** Reads a literal time of a test. */
export function at(text: string): Instant {
  return present(parseInstant(text), text);
}

/** Servers with all their cards, `node-000`, `node-001` … */
export function nodeSpecs(count: number, modelId = 'zw810e', seed = 1): SimulatedNodeSpec[] {
  const slots = findProfile(modelId)?.figures.cardsPerServer ?? 0;
  return Array.from({ length: count }, (_, index) => {
    const nodeId = `node-${String(index).padStart(3, '0')}`;
    const cards = Array.from({ length: slots }, (_, slot) => ({
      slot,
      ...simulatedIdentity({ seed, nodeKey: nodeId, slot, modelId }),
    }));
    return { nodeId, modelId, driverVersion: '2.1.0-ra1f23041713', cards };
  });
}

export type TestFleet = {
  readonly world: SimulatedWorld;
  readonly specs: readonly SimulatedNodeSpec[];
  /** The uuid of a card of the first server. */
  readonly uuid: (slot: number) => string;
  readonly now: () => Instant;
  /** Moves the clock, and with it the world. */
  readonly passTo: (to: string | Instant) => void;
  readonly inject: (kind: FaultKind, slot: number) => Promise<string>;
  /** The same for the first server itself. */
  readonly injectNode: (kind: FaultKind) => Promise<string>;
  /** An initialised driver of the first server. */
  readonly driver: () => Promise<DeviceDriver>;
};

/** A small fleet that stands at 2026-11-21T06:00:00Z until it is told to move on. */
export function openTestFleet(
  options: {
    readonly nodes?: number;
    readonly modelId?: string;
    readonly rates?: FaultRates;
    readonly seed?: number;
  } = {},
): TestFleet {
  const { nodes = 1, modelId = 'zw810e', rates = null, seed = 1 } = options;
  const specs = nodeSpecs(nodes, modelId, seed);
  let now = at('2026-11-21T06:00:00Z');
  const world = openFleet('simulated', { nodes: specs, seed, startAt: now, rates, clock: () => now });
  const uuid = (slot: number): string => present(specs[0]?.cards[slot], `slot ${slot}`).uuid;
  return {
    world,
    specs,
    uuid,
    now: () => now,
    passTo: (to) => {
      now = later(now, typeof to === 'string' ? at(to) : to);
      world.runTo(now);
    },
    inject: (kind, slot) => world.injector.inject({ target: { uuid: uuid(slot) }, kind }),
    injectNode: (kind) => world.injector.inject({ target: { nodeId: 'node-000' }, kind }),
    driver: async () => {
      const driver = world.driver('node-000');
      await driver.init();
      return driver;
    },
  };
}

/** Subscribes now; the function returned gives what has come since, as short texts. */
export function listen(
  driver: DeviceDriver,
  mask: readonly DeviceEventType[] = EVERY_EVENT,
): { heard: () => Promise<DeviceEvent[]> } {
  const stream = driver.events(mask, new AbortController().signal);
  const events = stream[Symbol.asyncIterator]();
  let asked = events.next();
  return {
    heard: async () => {
      const heard: DeviceEvent[] = [];
      while (stream.pending > 0) {
        const { done, value } = await asked;
        if (done) break;
        heard.push(value);
        asked = events.next();
      }
      return heard;
    },
  };
}

/** `06:00:00.000 xid 16257`, for comparing histories. */
export function describeEvent({ seq: _seq, at: when, uuid, type, ...rest }: DeviceEvent): string {
  return [when, uuid ?? '-', type, ...Object.values(rest)].join(' ');
}

/** A driver that does what another one does, except for what is overridden. */
export function withOverrides(driver: DeviceDriver, overrides: Partial<DeviceDriver>): DeviceDriver {
  return {
    init: (options) => driver.init(options),
    shutdown: (options) => driver.shutdown(options),
    system: (options) => driver.system(options),
    list: (options) => driver.list(options),
    presence: (options) => driver.presence(options),
    info: (ref, options) => driver.info(ref, options),
    sample: (ref, fields, options) => driver.sample(ref, fields, options),
    processes: (ref, options) => driver.processes(ref, options),
    links: (ref, options) => driver.links(ref, options),
    topology: (options) => driver.topology(options),
    fabric: (ref, options) => driver.fabric(ref, options),
    recoveryAction: (ref, options) => driver.recoveryAction(ref, options),
    events: (mask, signal) => driver.events(mask, signal),
    setDrain: (pciBusId, on, options) => driver.setDrain(pciBusId, on, options),
    remove: (pciBusId, options) => driver.remove(pciBusId, options),
    rediscover: (options) => driver.rediscover(options),
    reset: (ref, what, options) => driver.reset(ref, what, options),
    setPowerLimit: (ref, milliwatts, options) => driver.setPowerLimit(ref, milliwatts, options),
    setPartitionMode: (ref, on, options) => driver.setPartitionMode(ref, on, options),
    ...overrides,
  };
}
