import type { DeviceDriver, DevicePlugin } from './types.ts';

/** The servers that one kind of adapter reaches, by our id for them. Both throw for an unknown server. */
export type DeviceFleet = {
  readonly nodeIds: readonly string[];
  /** A new handle on the server's driver, with subscriptions of its own. */
  driver(nodeId: string): DeviceDriver;
  plugin(nodeId: string): DevicePlugin;
};
