import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { PPU_CONTAINER } from '../containers.ts';
import { CardDevicePlugin } from '../device-plugin.ts';
import type { DeviceFleet } from '../fleet.ts';
import { processCommand } from '../tool/command.ts';
import { pauseFor } from '../tool/pause.ts';
import { localNodeMinor } from './device-node.ts';
import { PpuSmiDriver } from './ppu-smi-driver.ts';
import { PpuSmiServer } from './server.ts';

/** A program and what comes before our own arguments: `ppu-smi`, or `ssh` with `['host-7', 'ppu-smi']`. */
export type ToolProgramOptions = { readonly program: string; readonly args?: readonly string[] };

export type PpuSmiNodeOptions = {
  /** Our id of the server. */
  readonly nodeId: string;
  readonly ppuSmi: ToolProgramOptions;
  /** The PCI view of the same server; null where it cannot be had. */
  readonly lspci: ToolProgramOptions | null;
  /** True when this process runs on that server, so that its device nodes can be looked at. */
  readonly isLocal: boolean;
};

export type PpuSmiFleetOptions = {
  readonly nodes: readonly PpuSmiNodeOptions[];
  readonly clock: () => Instant;
  /** How long one run of a tool may take; 5,000 when not given. */
  readonly timeoutMs?: number;
};

/** Servers reached through their tools. Closing it ends every run of them. */
export type PpuSmiFleet = DeviceFleet & { close(): Promise<void> };

const RETRY_MS = 1_000;

/** Opens servers through `ppu-smi`. Runs nothing before a handle is initialised. */
export function openPpuSmiFleet({ nodes, clock, timeoutMs }: PpuSmiFleetOptions): PpuSmiFleet {
  const command = ({ program, args = [] }: ToolProgramOptions) => processCommand(program, args);
  const servers = new Map(
    nodes.map(({ nodeId, ppuSmi, lspci, isLocal }) => [
      nodeId,
      new PpuSmiServer({
        ppuSmi: command(ppuSmi),
        lspci: lspci && command(lspci),
        now: clock,
        pause: (signal) => pauseFor(RETRY_MS, signal),
        ...(isLocal ? { nodeMinor: localNodeMinor } : {}),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      }),
    ]),
  );
  const driver = (nodeId: string): PpuSmiDriver => new PpuSmiDriver(present(servers.get(nodeId), `server ${nodeId}`));
  return {
    nodeIds: [...servers.keys()],
    driver,
    plugin: (nodeId) => new CardDevicePlugin(driver(nodeId), PPU_CONTAINER, (signal) => pauseFor(RETRY_MS, signal)),
    close: async () => {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}
