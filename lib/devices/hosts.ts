import { z } from 'zod';
import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type ContainerConventions, NVIDIA_CONTAINER, PPU_CONTAINER } from './containers.ts';
import type { Pause } from './device-plugin.ts';
import type { DeviceFleet } from './fleet.ts';
import { nvidiaTools } from './nvidia-smi/tools.ts';
import type { ToolProgramOptions } from './ppu-smi-driver/fleet.ts';
import { openFleet } from './registry.ts';

export const REAL_DRIVER_KINDS = ['ppu-smi', 'nvidia-smi'] as const;
export type RealDriverKind = (typeof REAL_DRIVER_KINDS)[number];

/** How one real server is reached. */
const host = z.strictObject({
  driver: z.enum(REAL_DRIVER_KINDS),
  /** What runs a tool on that server, such as `["ssh", "host-7"]`; empty: it is this one. */
  runner: z.array(z.string().min(1)).default([]),
  /** The socket of its device plugin, where a plugin other than ours gives out its cards. */
  pluginSocket: z.string().min(1).optional(),
});

export type Hosts = ReadonlyMap<string, z.infer<typeof host>>;

export const NO_HOSTS: Hosts = new Map();

/**
 * Reads the file that says which servers are real, as JSON by our server id:
 * `{ "<server id>": { "driver": "ppu-smi", "runner": ["ssh", "host-7"] } }`. Throws one sentence about what is wrong.
 */
export function parseHosts(text: string): Hosts {
  const parsed = z.record(z.string().min(1), host).safeParse(readJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Error(`The file of real servers is wrong: ${wrong.join('; ')}.`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export type RealFleet = DeviceFleet & { close(): Promise<void> };

/** Opens real servers, each through the driver that is named for it. Runs nothing before a driver is initialised. */
export function openHosts(hosts: Hosts, { clock, pause }: { clock: () => Instant; pause: Pause }): RealFleet {
  const of = (driver: RealDriverKind) => [...hosts].filter(([, options]) => options.driver === driver);
  const ppu = openFleet('ppu-smi', {
    nodes: of('ppu-smi').map(([nodeId, { runner }]) => ({
      nodeId,
      ppuSmi: programOn(runner, 'ppu-smi'),
      lspci: programOn(runner, 'lspci'),
      isLocal: runner.length === 0,
    })),
    clock,
  });
  const nvidia = openFleet('nvidia-smi', {
    nodes: of('nvidia-smi').map(([nodeId, { runner }]) => ({ nodeId, tools: nvidiaTools(runner) })),
    clock,
    pause,
  });
  const drivers = joinFleets([ppu, nvidia]);
  return { ...joinFleets([withSockets(hosts, drivers), drivers]), close: () => ppu.close() };
}

function programOn(runner: readonly string[], name: string): ToolProgramOptions {
  const [program = name, ...args] = [...runner, name];
  return { program, args };
}

/** How the cards behind each driver appear in containers. */
export const CONTAINER_OF = {
  'ppu-smi': PPU_CONTAINER,
  'nvidia-smi': NVIDIA_CONTAINER,
} as const satisfies Record<RealDriverKind, ContainerConventions>;

/** The servers whose plugin is somebody else's, over its socket. */
function withSockets(hosts: Hosts, drivers: DeviceFleet): DeviceFleet {
  const plugins = new Map(
    [...hosts].flatMap(([nodeId, { driver, pluginSocket }]) =>
      pluginSocket === undefined
        ? []
        : [[nodeId, { socketPath: pluginSocket, resourceName: CONTAINER_OF[driver].resourceName }]],
    ),
  );
  return openFleet('kubelet', { drivers: { nodeIds: [...plugins.keys()], driver: drivers.driver }, plugins });
}

/** Several fleets as one. A server that two of them reach is reached through the first. */
export function joinFleets(fleets: readonly DeviceFleet[]): DeviceFleet {
  const homes = new Map(fleets.toReversed().flatMap((fleet) => fleet.nodeIds.map((id) => [id, fleet] as const)));
  const homeOf = (nodeId: string): DeviceFleet => present(homes.get(nodeId), `server ${nodeId}`);
  return {
    nodeIds: [...homes.keys()],
    driver: (nodeId) => homeOf(nodeId).driver(nodeId),
    plugin: (nodeId) => homeOf(nodeId).plugin(nodeId),
  };
}
