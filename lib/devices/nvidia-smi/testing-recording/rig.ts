import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { ConformanceRig } from '../../conformance-rule.ts';
import { openFleet } from '../../registry.ts';
import { openTestFleet, type TestFleet } from '../../testing.ts';
import type { NvidiaFleet } from '../fleet.ts';
import type { NvidiaTools } from '../tools.ts';
import { ComposedHost } from './composed-host.ts';
import type { ToolAge } from './composed-query.ts';

export const NODE = 'node-000';

export type ComposedServer = {
  readonly fleet: NvidiaFleet;
  readonly host: ComposedHost;
  /** What stands behind the tools. */
  readonly behind: TestFleet;
  readonly rig: ConformanceRig;
  readonly now: () => Instant;
};

/** No beat comes by itself: a test asks for each. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** An eight-card H100 server behind composed tools, and the adapter over these. */
export async function openComposedServer(
  options: { readonly age?: ToolAge; readonly change?: (tools: NvidiaTools) => NvidiaTools } = {},
): Promise<ComposedServer> {
  const { age = 'r570', change = (tools) => tools } = options;
  const behind = openTestFleet({ modelId: 'h100' });
  const now = (): Instant => behind.now();
  const host = await ComposedHost.over(await behind.driver(), now(), age);
  const nodes = [{ nodeId: NODE, tools: change(host.tools) }];
  const fleet = openFleet('nvidia-smi', { nodes, clock: now, pause: untilAborted });
  const machine = behind.world.host(NODE);
  return {
    fleet,
    host,
    behind,
    now,
    rig: {
      disturb: async (uuid) => void (await behind.world.injector.inject({ target: { uuid }, kind: 'app_xid' })),
      lose: async (uuid) => void (await behind.world.injector.inject({ target: { uuid }, kind: 'lost' })),
      mend: async () => {
        behind.passTo(plusSeconds(machine.perform('cold_reboot'), 1));
        await fleet.beat(NODE);
      },
      settle: () => fleet.beat(NODE),
      hold: async (uuid) => {
        const pid = machine.spawn({ uuids: [uuid], name: 'holder', runSeconds: null, exitCode: 0, load: 'idle' });
        return () => void machine.kill(pid, 'SIGKILL');
      },
    },
  };
}
