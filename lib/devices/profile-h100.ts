import { type CardProfile, GIB, MIB } from './card-profile.ts';
import { NVIDIA_CONTAINER } from './containers.ts';

/**
 * NVIDIA H100 SXM5 80 GB on an HGX board of eight with four NVSwitches: the data sheet, and what `nvidia-smi -q` and
 * `topo -m` print of such cards in public recordings (clocks, power limits, memory, bus numbers, NUMA nodes).
 */
export const H100: CardProfile = {
  modelId: 'h100',
  name: 'NVIDIA H100 80GB HBM3',
  arch: 'hopper',
  vendor: 'nvidia',
  container: NVIDIA_CONTAINER,
  icn: 'switch',
  resetNeedsIdle: 'card',
  numaNodeBySlot: [0, 0, 0, 0, 1, 1, 1, 1],
  pciBusBySlot: ['1b', '43', '52', '61', '9d', 'c3', 'd1', 'df'],
  figures: {
    memoryBytes: 81_559 * MIB,
    soldMemoryBytes: 81_559 * MIB - 2 * GIB,
    retiredPageBytes: 0,
    computeUnits: 132,
    powerIdleMinMw: 67_000,
    powerIdleMaxMw: 76_000,
    powerLimitMinMw: 200_000,
    powerLimitDefaultMw: 700_000,
    cuClockIdleMhz: 345,
    cuClockMaxMhz: 1_980,
    memClockMaxMhz: 2_619,
    coolantC: 24,
    celsiusPerWatt: 0.065,
    thermalTimeConstantSeconds: 30,
    slowdownC: 87,
    icnLinks: 18,
    icnGigabytesPerSecPerLink: 25,
    icnLanes: 2,
    pcieGen: 5,
    pcieWidth: 16,
    cardsPerServer: 8,
    cardsPerBoard: 1,
  },
  certainty: {
    memoryBytes: 'verified',
    soldMemoryBytes: 'assumption',
    // Rows are remapped to spare ones: nothing is lost but until the next reset.
    retiredPageBytes: 'derived',
    computeUnits: 'verified',
    powerIdleMinMw: 'derived',
    powerIdleMaxMw: 'derived',
    powerLimitMinMw: 'verified',
    powerLimitDefaultMw: 'verified',
    cuClockIdleMhz: 'verified',
    cuClockMaxMhz: 'verified',
    memClockMaxMhz: 'verified',
    coolantC: 'assumption',
    celsiusPerWatt: 'assumption',
    thermalTimeConstantSeconds: 'assumption',
    // The tool prints distances to its limits: 33 °C with 54 left, slowing down 2 beyond it.
    slowdownC: 'derived',
    icnLinks: 'verified',
    icnGigabytesPerSecPerLink: 'verified',
    icnLanes: 'verified',
    pcieGen: 'verified',
    pcieWidth: 'verified',
    cardsPerServer: 'verified',
    cardsPerBoard: 'verified',
  },
};
