import { toIso } from '#lib/core/instant.ts';
import { captureRecording } from '../capture.ts';
import type { Recording } from '../recording.ts';
import type { ToolAge } from './composed-query.ts';
import { type ComposedServer, openComposedServer } from './rig.ts';

/** The states in which a server's answers are composed, and how it comes into each. */
export const STATES = {
  idle: async () => undefined,
  busy: async ({ rig, behind }) => {
    await rig.hold(behind.uuid(0));
    await rig.hold(behind.uuid(5));
  },
  drained: async ({ behind }) => {
    const driver = await behind.driver();
    const { pciBusId } = await driver.info({ uuid: behind.uuid(2) });
    await driver.setDrain(pciBusId, true);
  },
  lost: async ({ rig, behind }) => rig.lose(behind.uuid(3)),
  reset_required: async ({ behind }) => void (await behind.inject('kill_overtime', 4)),
  link_down: async ({ behind }) => void (await behind.inject('icn_down', 1)),
  driver_unloaded: async ({ behind }) => void (await behind.injectNode('driver_unloaded')),
  library_mismatch: async ({ behind }) => void (await behind.injectNode('lib_mismatch')),
} as const satisfies Record<string, (server: ComposedServer) => Promise<void>>;

export type StateName = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as StateName[];

/** What the tools of a composed server print in a state. */
export async function composeRecording(state: StateName, age: ToolAge): Promise<Recording> {
  const server = await openComposedServer({ age });
  await STATES[state](server);
  const note = `8 x NVIDIA H100 80GB HBM3, ${state}, in the layout of ${age}, as of ${toIso(server.now())}`;
  return captureRecording(server.host.tools, server.now, { origin: 'composed', note });
}
