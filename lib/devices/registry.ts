import type { DeviceFleet } from './fleet.ts';
import { type KubeletFleetOptions, openKubeletFleet } from './kubelet/kubelet-fleet.ts';
import { type NvidiaFleet, type NvidiaFleetOptions, openNvidiaFleet } from './nvidia-smi/fleet.ts';
import { openPpuSmiFleet, type PpuSmiFleet, type PpuSmiFleetOptions } from './ppu-smi-driver/fleet.ts';
import type { SimulatedWorld, SimulatedWorldOptions } from './simulation.ts';
import { createWorld } from './simulator/world.ts';

/** What opening a fleet of each kind of adapter takes. */
export type FleetOptions = {
  readonly simulated: SimulatedWorldOptions;
  readonly 'ppu-smi': PpuSmiFleetOptions;
  readonly 'nvidia-smi': NvidiaFleetOptions;
  readonly kubelet: KubeletFleetOptions;
};

/** What opening a fleet of each kind of adapter gives. */
export type Fleets = {
  readonly simulated: SimulatedWorld;
  readonly 'ppu-smi': PpuSmiFleet;
  readonly 'nvidia-smi': NvidiaFleet;
  readonly kubelet: DeviceFleet;
};
export type DriverKind = keyof Fleets;

type Openers = { readonly [K in DriverKind]: (options: FleetOptions[K]) => Fleets[K] };

const OPENERS = {
  simulated: createWorld,
  'ppu-smi': openPpuSmiFleet,
  'nvidia-smi': openNvidiaFleet,
  kubelet: openKubeletFleet,
} satisfies Record<DriverKind, Openers[DriverKind]>;

export const DRIVER_KINDS = Object.keys(OPENERS) as readonly DriverKind[];

/** Opens the servers that one kind of adapter reaches, by server id. The only way to the simulator. */
export function openFleet<K extends DriverKind>(kind: K, options: FleetOptions[K]): Fleets[K] {
  const openers: Openers = OPENERS;
  return openers[kind](options);
}
