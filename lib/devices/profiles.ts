import type { DeviceArch } from './types.ts';

/** How well a figure is known: read in a vendor's document or a recording, computed from such, or our own choice. */
export type Certainty = 'verified' | 'derived' | 'assumption';

export const MIB = 1_048_576;
const GIB = 1_024 * MIB;

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

export type CardProfile = {
  readonly modelId: string;
  /** The name that the driver reports. */
  readonly name: string;
  readonly arch: DeviceArch;
  /** How the cards of a server are joined: by wires between them, or through a switch. */
  readonly icn: 'mesh' | 'switch';
  /** What must be idle before a card can be reset. */
  readonly resetNeedsIdle: 'card' | 'server';
  /** By slot, over the first slots; later slots repeat it. */
  readonly numaNodeBySlot: readonly number[];
  readonly pciBusBySlot: readonly string[];
  readonly figures: CardFigures;
  readonly certainty: Readonly<Record<keyof CardFigures, Certainty>>;
};

/** How any PPU looks to a container: the same on both models. */
export const PPU_CONTAINER = {
  resourceName: 'alibabacloud.com/ppu',
  commonNodes: ['/dev/alixpu', '/dev/alixpu_ctl'],
  cardNodePrefix: '/dev/alixpu_ppu',
  nodePermissions: 'rw',
  /** Native and CUDA mode; both get the same ordered list. */
  visibleDevicesVariables: ['HGGC_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'],
} as const;

const zw810e: CardProfile = {
  modelId: 'zw810e',
  name: 'PPU-ZW810E',
  arch: 'ppu001',
  icn: 'mesh',
  resetNeedsIdle: 'server',
  numaNodeBySlot: [4, 4, 4, 4, 2, 2, 2, 2, 6, 6, 6, 6, 0, 0, 0, 0],
  pciBusBySlot: ['a8', 'a7', 'a9', 'aa', '65', '66', '64', '63', 'e8', 'e7', 'e9', 'ea', '25', '26', '24', '23'],
  figures: {
    memoryBytes: 98_304 * MIB,
    soldMemoryBytes: 98_304 * MIB - GIB / 2,
    retiredPageBytes: 2 * MIB,
    computeUnits: 64,
    powerIdleMinMw: 62_000,
    powerIdleMaxMw: 97_000,
    powerLimitMinMw: 150_000,
    powerLimitDefaultMw: 400_000,
    cuClockIdleMhz: 200,
    cuClockMaxMhz: 1_700,
    memClockMaxMhz: 1_800,
    coolantC: 25,
    celsiusPerWatt: 0.11,
    thermalTimeConstantSeconds: 60,
    slowdownC: 92,
    icnLinks: 7,
    icnGigabytesPerSecPerLink: 50,
    icnLanes: 16,
    pcieGen: 5,
    pcieWidth: 16,
    cardsPerServer: 16,
    cardsPerBoard: 2,
  },
  certainty: {
    memoryBytes: 'verified',
    soldMemoryBytes: 'assumption',
    retiredPageBytes: 'assumption',
    computeUnits: 'verified',
    powerIdleMinMw: 'verified',
    powerIdleMaxMw: 'verified',
    powerLimitMinMw: 'assumption',
    powerLimitDefaultMw: 'verified',
    cuClockIdleMhz: 'verified',
    cuClockMaxMhz: 'verified',
    memClockMaxMhz: 'verified',
    coolantC: 'assumption',
    celsiusPerWatt: 'derived',
    thermalTimeConstantSeconds: 'assumption',
    slowdownC: 'verified',
    icnLinks: 'verified',
    icnGigabytesPerSecPerLink: 'verified',
    icnLanes: 'verified',
    pcieGen: 'verified',
    pcieWidth: 'verified',
    cardsPerServer: 'verified',
    cardsPerBoard: 'assumption',
  },
};

/** Little is published of the M890; what is not stands at the 810E's value, scaled, and is marked. */
const m890: CardProfile = {
  modelId: 'm890',
  name: 'ZW-M890P',
  arch: 'ppu0015',
  icn: 'switch',
  resetNeedsIdle: 'server',
  numaNodeBySlot: [0, 0, 0, 0, 1, 1, 1, 1],
  pciBusBySlot: ['08', '09', '0a', '0b', '86', '87', '88', '89'],
  figures: {
    ...zw810e.figures,
    memoryBytes: 147_456 * MIB,
    soldMemoryBytes: 147_456 * MIB - GIB / 2,
    computeUnits: 128,
    powerLimitMinMw: 250_000,
    powerLimitDefaultMw: 700_000,
    celsiusPerWatt: 0.065,
    icnLinks: 8,
    icnGigabytesPerSecPerLink: 100,
    cardsPerServer: 8,
  },
  certainty: {
    ...zw810e.certainty,
    computeUnits: 'assumption',
    powerIdleMinMw: 'assumption',
    powerIdleMaxMw: 'assumption',
    powerLimitDefaultMw: 'assumption',
    cuClockIdleMhz: 'assumption',
    cuClockMaxMhz: 'assumption',
    memClockMaxMhz: 'assumption',
    celsiusPerWatt: 'assumption',
    slowdownC: 'assumption',
    icnLinks: 'assumption',
    icnGigabytesPerSecPerLink: 'derived',
    icnLanes: 'assumption',
    pcieGen: 'assumption',
    pcieWidth: 'assumption',
  },
};

export const CARD_PROFILES: readonly CardProfile[] = [zw810e, m890];

/** The profile of a model by our id for it, or null. */
export function findProfile(modelId: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.modelId === modelId) ?? null;
}

/** The profile of a model by the name that its driver reports, or null. */
export function findProfileByName(name: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.name === name) ?? null;
}
