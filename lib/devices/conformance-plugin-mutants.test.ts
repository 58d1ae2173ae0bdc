import { PLUGIN_RULES } from './conformance-plugin.ts';
import { expectEveryRuleCaught, type Mutant } from './testing-mutants.ts';
import type { DevicePlugin, PluginAllocation, PluginDevice } from './types.ts';

/** A plugin whose lists are changed on their way. */
function relisting(
  plugin: DevicePlugin,
  change: (devices: readonly PluginDevice[], look: number) => readonly PluginDevice[],
): Partial<DevicePlugin> {
  return {
    async *listAndWatch(signal) {
      let look = 0;
      for await (const devices of plugin.listAndWatch(signal)) {
        yield change(devices, look);
        look += 1;
      }
    },
  };
}

/** A plugin whose allocations are changed on their way. */
function reallocating(
  plugin: DevicePlugin,
  change: (allocation: PluginAllocation) => PluginAllocation,
): Partial<DevicePlugin> {
  return { allocate: async (requests) => (await plugin.allocate(requests)).map(change) };
}

const NODES = 'an allocation has the nodes of its cards and one ordered list in every variable';
const REFUSALS = 'an allocation of an unknown, doubled or unusable card is refused by name';
const LOST = 'a lost card turns unhealthy in a full list, and healthy again after its repair';
const PREFERENCE = 'a preference contains what it must, nothing unavailable, and as many as asked for';

const MUTANTS: readonly Mutant[] = [
  {
    fault: 'forgets the NUMA node',
    caughtBy: 'the first list names every card, healthy, with its NUMA node',
    plugin: (plugin) => relisting(plugin, (devices) => devices.map((device) => ({ ...device, numa: [] }))),
  },
  {
    fault: 'begins with a part of its cards',
    caughtBy: 'the first list names every card, healthy, with its NUMA node',
    plugin: (plugin) => relisting(plugin, (devices, look) => (look === 0 ? devices.slice(1) : devices)),
  },
  {
    fault: 'lists only what changed',
    caughtBy: LOST,
    plugin: (plugin) =>
      relisting(plugin, (devices, look) =>
        look === 0 ? devices : devices.filter((device) => device.health === 'Unhealthy'),
      ),
  },
  {
    fault: 'never says that a card is unhealthy',
    caughtBy: LOST,
    plugin: (plugin) => relisting(plugin, (devices) => devices.map((device) => ({ ...device, health: 'Healthy' }))),
  },
  {
    fault: 'never lets a card recover',
    caughtBy: LOST,
    plugin: (plugin) => {
      const broken = new Set<string>();
      return relisting(plugin, (devices) => {
        for (const device of devices) if (device.health === 'Unhealthy') broken.add(device.id);
        return devices.map((device) => (broken.has(device.id) ? { ...device, health: 'Unhealthy' } : device));
      });
    },
  },
  {
    fault: 'forgets the node of a card',
    caughtBy: NODES,
    plugin: (plugin) => reallocating(plugin, (granted) => ({ ...granted, devices: granted.devices.slice(0, -1) })),
  },
  {
    fault: 'gives the node of another card',
    caughtBy: NODES,
    plugin: (plugin) => {
      const all = Array.from({ length: 16 }, (_, index) => `/dev/alixpu_ppu${index}`);
      const devices = all.map((path) => ({ containerPath: path, hostPath: path, permissions: 'rw' }));
      return reallocating(plugin, (granted) => ({ ...granted, devices }));
    },
  },
  {
    fault: 'tells two variables different cards',
    caughtBy: NODES,
    plugin: (plugin) => reallocating(plugin, (granted) => ({ ...granted, envs: { ...granted.envs, OTHER: 'all' } })),
  },
  {
    fault: 'sorts the cards',
    caughtBy: NODES,
    plugin: (plugin) => ({
      allocate: (requests) => plugin.allocate(requests.map(({ deviceIds }) => ({ deviceIds: deviceIds.toReversed() }))),
    }),
  },
  {
    fault: 'names no CDI device',
    caughtBy: NODES,
    plugin: (plugin) => reallocating(plugin, (granted) => ({ ...granted, cdiDevices: [] })),
  },
  {
    fault: 'gives all containers one answer',
    caughtBy: 'several containers of one call get an answer each',
    plugin: (plugin) => ({ allocate: async (requests) => (await plugin.allocate(requests)).slice(0, 1) }),
  },
  {
    fault: 'grants whatever it is asked for',
    caughtBy: REFUSALS,
    plugin: () => ({ allocate: async (requests) => requests.map(() => NOTHING) }),
  },
  {
    fault: 'grants a card twice',
    caughtBy: REFUSALS,
    plugin: (plugin) => ({
      allocate: (requests) =>
        plugin.allocate(requests.map(({ deviceIds }) => ({ deviceIds: [...new Set(deviceIds)] }))),
    }),
  },
  {
    fault: 'keeps the reason of a refusal to itself',
    caughtBy: 'a refused allocation is followed by a full list that shows why',
    plugin: (plugin) => relisting(plugin, (devices) => devices.map((device) => ({ ...device, health: 'Healthy' }))),
  },
  {
    fault: 'gives a server up for one card',
    caughtBy: 'a refused allocation is followed by a full list that shows why',
    plugin: (plugin) =>
      relisting(plugin, (devices, look) =>
        look === 0 ? devices : devices.map((device) => ({ ...device, health: 'Unhealthy' })),
      ),
  },
  {
    fault: 'chooses none of the required cards',
    caughtBy: PREFERENCE,
    plugin: (plugin) => ({
      getPreferredAllocation: (requests) =>
        plugin.getPreferredAllocation(requests.map((request) => ({ ...request, mustInclude: [] }))),
    }),
  },
  {
    fault: 'chooses an unavailable card',
    caughtBy: PREFERENCE,
    plugin: () => ({
      getPreferredAllocation: async (requests) =>
        requests.map(({ mustInclude, size }) => [
          ...mustInclude,
          ...Array.from({ length: size - 1 }, (_, index) => `GPU-${index}`),
        ]),
    }),
  },
  {
    fault: 'chooses all that is available',
    caughtBy: PREFERENCE,
    plugin: () => ({ getPreferredAllocation: async (requests) => requests.map(({ available }) => available) }),
  },
];

const NOTHING: PluginAllocation = { envs: {}, annotations: {}, cdiDevices: [], mounts: [], devices: [] };

expectEveryRuleCaught('a plugin', PLUGIN_RULES, MUTANTS);
