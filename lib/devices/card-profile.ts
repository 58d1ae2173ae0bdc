import type { ContainerConventions } from './containers.ts';
import type { KnownArch } from './types.ts';

/** How well a figure is known: read in a vendor's document or a recording, computed from such, or our own choice. */
export type Certainty = 'verified' | 'derived' | 'assumption';

export type CardFigures = {
  readonly memoryBytes: number;
  /** What we promise: less than the whole, so that a few retired pages break no promise. */
  readonly soldMemoryBytes: number;
  readonly retiredPageBytes: number;
  readonly computeUnits: number;
  readonly powerIdleMinMw: number;
  readonly powerIdleMaxMw: number;
  readonly powerLimitMinMw: number;
  readonly powerLimitDefaultMw: number;
  readonly cuClockIdleMhz: number;
  readonly cuClockMaxMhz: number;
  readonly memClockMaxMhz: number;
  readonly coolantC: number;
  readonly celsiusPerWatt: number;
  readonly thermalTimeConstantSeconds: number;
  readonly slowdownC: number;
  readonly icnLinks: number;
  readonly icnGigabytesPerSecPerLink: number;
  readonly icnLanes: number;
  readonly pcieGen: number;
  readonly pcieWidth: number;
  readonly cardsPerServer: number;
  readonly cardsPerBoard: number;
};

export type CardVendor = 'thead' | 'huawei' | 'nvidia';

export type CardProfile = {
  readonly modelId: string;
  /** The name that the driver reports. */
  readonly name: string;
  readonly arch: KnownArch;
  readonly vendor: CardVendor;
  readonly container: ContainerConventions;
  /** How the cards of a server are joined: by some wires between them, by one from each to each, or by a switch. */
  readonly icn: 'mesh' | 'full_mesh' | 'switch';
  /** What must be idle before a card can be reset. */
  readonly resetNeedsIdle: 'card' | 'server';
  /** By slot, over the first slots; later slots repeat it. */
  readonly numaNodeBySlot: readonly number[];
  readonly pciBusBySlot: readonly string[];
  readonly figures: CardFigures;
  readonly certainty: Readonly<Record<keyof CardFigures, Certainty>>;
};

export const MIB = 1_048_576;
export const GIB = 1_024 * MIB;
