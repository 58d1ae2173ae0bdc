import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { NVIDIA_CONTAINER } from '../containers.ts';
import { CardDevicePlugin, type Pause } from '../device-plugin.ts';
import type { DeviceFleet } from '../fleet.ts';
import { NvidiaServer } from './nvidia-server.ts';
import { NvidiaSmiDriver } from './nvidia-smi-driver.ts';
import type { NvidiaTools } from './tools.ts';

export type NvidiaFleetOptions = {
  readonly nodes: readonly { readonly nodeId: string; readonly tools: NvidiaTools }[];
  readonly clock: () => Instant;
  /** Waits between two beats of a server's events, and before a plugin subscribes again. */
  readonly pause: Pause;
};

export type NvidiaFleet = DeviceFleet & {
  /** Proves, now, up to when the event streams of a server are complete. Beats come by themselves, too. */
  beat(nodeId: string): Promise<void>;
};

/** Servers with NVIDIA cards, each reached by its own tools. Nothing is run before a driver is initialised. */
export function openNvidiaFleet({ nodes, clock, pause }: NvidiaFleetOptions): NvidiaFleet {
  const servers = new Map(nodes.map(({ nodeId, tools }) => [nodeId, new NvidiaServer({ tools, clock, pause })]));
  const serverOf = (nodeId: string): NvidiaServer => present(servers.get(nodeId), `server ${nodeId}`);
  const driver = (nodeId: string): NvidiaSmiDriver => new NvidiaSmiDriver(serverOf(nodeId));
  return {
    nodeIds: [...servers.keys()],
    driver,
    plugin: (nodeId) => new CardDevicePlugin(driver(nodeId), NVIDIA_CONTAINER, pause),
    beat: (nodeId) => serverOf(nodeId).feed.beat(),
  };
}
