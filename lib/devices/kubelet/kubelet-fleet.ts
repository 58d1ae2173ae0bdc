import { present } from '#lib/core/assert.ts';
import type { DeviceFleet } from '../fleet.ts';
import { type PluginSocketOptions, SocketDevicePlugin } from './plugin-client.ts';

export type KubeletFleetOptions = {
  /** The fleet whose drivers manage the servers: the protocol offers cards, it does not manage them. */
  readonly drivers: Pick<DeviceFleet, 'nodeIds' | 'driver'>;
  /** Where the plugin of each server is reached, by server. */
  readonly plugins: ReadonlyMap<string, PluginSocketOptions>;
};

/** Servers whose plugins are reached over sockets, whoever wrote them. Throws for a server without a plugin. */
export function openKubeletFleet({ drivers, plugins }: KubeletFleetOptions): DeviceFleet {
  const socketOf = (nodeId: string): PluginSocketOptions => present(plugins.get(nodeId), `plugin of ${nodeId}`);
  for (const nodeId of drivers.nodeIds) socketOf(nodeId);
  return {
    nodeIds: drivers.nodeIds,
    driver: (nodeId) => drivers.driver(nodeId),
    plugin: (nodeId) => new SocketDevicePlugin(socketOf(nodeId)),
  };
}
