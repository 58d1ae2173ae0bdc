import { present } from '#lib/core/assert.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import type { ConformanceSubject } from './conformance-rule.ts';
import { CardDevicePlugin } from './device-plugin.ts';
import { findProfile } from './profiles.ts';
import { openFleet } from './registry.ts';
import { at, nodeSpecs, withOverrides } from './testing.ts';
import type { DeviceDriver, DevicePlugin } from './types.ts';

/** What a mutant does otherwise than the driver or plugin it is made of. */
export type Mutation = {
  readonly driver?: (driver: DeviceDriver) => Partial<DeviceDriver>;
  readonly plugin?: (plugin: DevicePlugin) => Partial<DevicePlugin>;
};

/** A simulated server under the conformance suite, with its rig. */
export function simulatedSubject(
  modelId: string,
  { driver: ofDriver, plugin: ofPlugin }: Mutation = {},
): ConformanceSubject {
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
    return ofDriver ? withOverrides(driver, ofDriver(driver)) : driver;
  };
  const plugin = new CardDevicePlugin(connect(), container, () => Promise.reject(new Error('the stream broke')));
  return {
    connect,
    plugin: ofPlugin ? withPluginOverrides(plugin, ofPlugin(plugin)) : plugin,
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
    patienceMs: 200,
  };
}

function withPluginOverrides(plugin: DevicePlugin, overrides: Partial<DevicePlugin>): DevicePlugin {
  return {
    resourceName: plugin.resourceName,
    options: () => plugin.options(),
    listAndWatch: (signal) => plugin.listAndWatch(signal),
    getPreferredAllocation: (requests) => plugin.getPreferredAllocation(requests),
    allocate: (requests) => plugin.allocate(requests),
    preStartContainer: (deviceIds) => plugin.preStartContainer(deviceIds),
    ...overrides,
  };
}
