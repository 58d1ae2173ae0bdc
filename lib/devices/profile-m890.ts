import { type CardProfile, GIB, MIB } from './card-profile.ts';
import { PPU_CONTAINER } from './containers.ts';
import { ZW810E } from './profile-zw810e.ts';

/** Little is published of the M890; what is not stands at the 810E's value, scaled, and is marked. */
export const M890: CardProfile = {
  modelId: 'm890',
  name: 'ZW-M890P',
  arch: 'ppu0015',
  vendor: 'thead',
  container: PPU_CONTAINER,
  icn: 'switch',
  resetNeedsIdle: 'server',
  numaNodeBySlot: [0, 0, 0, 0, 1, 1, 1, 1],
  pciBusBySlot: ['08', '09', '0a', '0b', '86', '87', '88', '89'],
  figures: {
    ...ZW810E.figures,
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
    ...ZW810E.certainty,
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
