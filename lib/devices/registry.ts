import { openPpuSmiFleet, type PpuSmiFleet, type PpuSmiFleetOptions } from './ppu-smi-driver/fleet.ts';
import type { SimulatedWorld, SimulatedWorldOptions } from './simulation.ts';
import { createWorld } from './simulator/world.ts';

/** Every kind of adapter, with what opening a fleet of it takes and gives. A real adapter adds one line to each. */
export type FleetOptions = { readonly simulated: SimulatedWorldOptions; readonly 'ppu-smi': PpuSmiFleetOptions };
export type Fleets = { readonly simulated: SimulatedWorld; readonly 'ppu-smi': PpuSmiFleet };
export type DriverKind = keyof Fleets;

type Openers = { readonly [K in DriverKind]: (options: FleetOptions[K]) => Fleets[K] };

const OPENERS = { simulated: createWorld, 'ppu-smi': openPpuSmiFleet } satisfies Record<
  DriverKind,
  Openers[DriverKind]
>;

export const DRIVER_KINDS = Object.keys(OPENERS) as readonly DriverKind[];

/** Opens the servers that one kind of adapter reaches, by server id. The only way to the simulator. */
export function openFleet<K extends DriverKind>(kind: K, options: FleetOptions[K]): Fleets[K] {
  const openers: Openers = OPENERS;
  return openers[kind](options);
}
