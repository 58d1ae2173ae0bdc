import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { CONFORMANCE_RULES } from './conformance.ts';
import type { ConformanceSubject } from './conformance-rule.ts';
import { CardDevicePlugin } from './device-plugin.ts';
import { findProfile } from './profiles.ts';
import { openFleet } from './registry.ts';
import { at, nodeSpecs, withOverrides } from './testing.ts';
import { type DeviceDriver, type DeviceEvent, DriverCode, DriverError, type EventStream } from './types.ts';

type Mutation = (driver: DeviceDriver) => Partial<DeviceDriver>;

function simulated(modelId: string, mutation: Mutation = () => ({})): ConformanceSubject {
  let now = at('2026-11-21T06:00:00Z');
  const world = openFleet('simulated', {
    nodes: nodeSpecs(1, modelId),
    seed: 1,
    startAt: now,
    rates: null,
    clock: () => now,
  });
  const { container } = present(findProfile(modelId), modelId);
  const host = world.host('node-000');
  const inject = async (uuid: string, kind: 'app_xid' | 'lost'): Promise<void> => {
    await world.injector.inject({ target: { uuid }, kind });
  };
  const connect = (): DeviceDriver => {
    const driver = world.driver('node-000');
    return withOverrides(driver, mutation(driver));
  };
  return {
    connect,
    plugin: new CardDevicePlugin(connect(), container, () => Promise.reject(new Error('the stream broke'))),
    rig: {
      disturb: (uuid) => inject(uuid, 'app_xid'),
      lose: (uuid) => inject(uuid, 'lost'),
      mend: async () => {
        now = host.perform('cold_reboot');
        now = plusSeconds(now, 1);
        world.runTo(now);
      },
      settle: async () => undefined,
      hold: async (uuid) => {
        const pid = host.spawn({ uuids: [uuid], name: 'holder', runSeconds: null, exitCode: 0, load: 'idle' });
        return () => void host.kill(pid, 'SIGKILL');
      },
    },
  };
}

describe.each(['zw810e', 'm890', 'h100', 'ascend910b'])('a simulated %s server conforms', (modelId) => {
  test.each(CONFORMANCE_RULES)('$name', ({ check }) => check(simulated(modelId)));
});

/** A stream whose events are changed on their way. */
function rewritten(stream: EventStream, change: (event: DeviceEvent) => DeviceEvent[]): EventStream {
  return {
    get pending() {
      return stream.pending;
    },
    get completeTo() {
      return stream.completeTo;
    },
    async *[Symbol.asyncIterator]() {
      for await (const event of stream) yield* change(event);
    },
  };
}

const MUTANTS: readonly { fault: string; caughtBy: string; mutation: Mutation }[] = [
  {
    fault: 'needs no init',
    caughtBy: 'a handle that was not initialised answers nothing',
    mutation: (driver) => ({ list: () => driver.init().then(() => driver.list()) }),
  },
  {
    fault: 'numbers cards anew at every look',
    caughtBy: 'identities are unique and do not change between two looks',
    mutation: (driver) => {
      let look = 0;
      return {
        list: async () => {
          look += 1;
          return (await driver.list()).map((card) => ({ ...card, uuid: `${card.uuid}-${look}` }));
        },
      };
    },
  },
  {
    fault: 'answers 0 for what it cannot read',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    mutation: (driver) => ({
      sample: async (ref, fields) => {
        const zero = { ok: true, value: 0, at: at('2026-11-21T06:00:00Z') } as const;
        const sample = await driver.sample(ref, fields);
        const values = fields.map((field) => [field, sample[field].ok ? sample[field] : zero]);
        return { ...sample, ...Object.fromEntries(values) };
      },
    }),
  },
  {
    fault: 'forgets drained cards on the bus',
    caughtBy: 'a drained card leaves the list but not the bus, and comes back',
    mutation: (driver) => ({
      presence: async () => (await driver.presence()).filter((entry) => entry.state === 'present'),
    }),
  },
  {
    fault: 'resets under a process',
    caughtBy: 'a card that a process holds is neither reset nor partitioned',
    mutation: () => ({ reset: async () => undefined }),
  },
  {
    fault: 'ignores an abort',
    caughtBy: 'an aborted call rejects with TIMEOUT and changes nothing',
    mutation: (driver) => ({ setDrain: (pciBusId, on) => driver.setDrain(pciBusId, on) }),
  },
  {
    fault: 'takes any power limit',
    caughtBy: 'a power limit out of range is refused and changes nothing',
    mutation: () => ({ setPowerLimit: async () => undefined }),
  },
  {
    fault: 'subscribes at the first next',
    caughtBy: 'a subscription is live from the call that made it',
    mutation: (driver) => ({
      events: (mask, signal) => {
        let stream: EventStream | null = null;
        return {
          get pending() {
            return stream?.pending ?? 0;
          },
          get completeTo() {
            return at('2026-11-21T06:00:00Z');
          },
          [Symbol.asyncIterator]() {
            stream = driver.events(mask, signal);
            return stream[Symbol.asyncIterator]();
          },
        };
      },
    }),
  },
  {
    fault: 'numbers events across subscribers',
    caughtBy: 'every subscriber hears every event once, numbered without a gap from 0',
    mutation: (driver) => {
      let seq = 0;
      const next = (): number => {
        seq += 1;
        return seq;
      };
      return {
        events: (mask, signal) => rewritten(driver.events(mask, signal), (event) => [{ ...event, seq: next() }]),
      };
    },
  },
  {
    fault: 'ignores the mask',
    caughtBy: 'a subscriber hears only the types it asked for',
    mutation: (driver) => ({ events: (_mask, signal) => driver.events(['xid', 'recovery_action'], signal) }),
  },
  {
    fault: 'never tells of a recovery',
    caughtBy: 'events carry their own instant, and a stream is complete at least to its last event',
    mutation: (driver) => ({
      events: (mask, signal) =>
        driver.events(
          mask.filter((type) => type !== 'recovery_action'),
          signal,
        ),
    }),
  },
  {
    fault: 'shows a lost card as present',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    mutation: (driver) => ({
      presence: async () => (await driver.presence()).map((entry) => ({ ...entry, state: 'present' })),
    }),
  },
  {
    fault: 'has one-way links',
    caughtBy: 'a link that joins two cards is the same link from both ends',
    mutation: (driver) => ({
      links: async (ref) => (await driver.links(ref)).map((link, i) => (i === 0 ? { ...link, state: 'sleep' } : link)),
    }),
  },
  {
    fault: 'finds unknown cards',
    caughtBy: 'an unknown card is NOT_FOUND for every call',
    mutation: () => ({ info: () => Promise.reject(new DriverError(DriverCode.UNKNOWN, 'info')) }),
  },
];

describe('the suite catches a driver that', () => {
  test.each(MUTANTS)('$fault', async ({ caughtBy, mutation }) => {
    const rule = CONFORMANCE_RULES.find(({ name }) => name === caughtBy);
    await expect(rule?.check(simulated('zw810e', mutation))).rejects.toThrow();
  });
});
