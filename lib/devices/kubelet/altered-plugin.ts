import type { DevicePlugin } from '../types.ts';

/** A plugin that does what another one does, except for what is changed. */
export function alteredPlugin(plugin: DevicePlugin, changes: Partial<DevicePlugin>): DevicePlugin {
  return {
    resourceName: plugin.resourceName,
    options: () => plugin.options(),
    listAndWatch: (signal) => plugin.listAndWatch(signal),
    getPreferredAllocation: (requests) => plugin.getPreferredAllocation(requests),
    allocate: (requests) => plugin.allocate(requests),
    preStartContainer: (deviceIds) => plugin.preStartContainer(deviceIds),
    ...changes,
  };
}
