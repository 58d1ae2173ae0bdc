import { MIB } from '../card-profile.ts';
import type { IcnLink, NumberReading, SampleField } from '../types.ts';
import type { Family } from './exposition.ts';
import type { CardView } from './types.ts';

/** One series a card. Null is what the card cannot tell: that series is absent, never 0. */
export type CardFamily = Family & { readonly read: (card: CardView) => number | null };

/**
 * The families of a card, in the order in which they are printed. Names and units of `DCGM_FI_DEV_…` are those of
 * NVIDIA's exporter, so that dashboards made for it work; what has no exact equal there is Kashi's own.
 */
export const CARD_FAMILIES: readonly CardFamily[] = [
  gauge('DCGM_FI_DEV_SM_CLOCK', 'Clock of the compute units in MHz.', field('cuClockMhz')),
  gauge('DCGM_FI_DEV_MEM_CLOCK', 'Clock of the memory in MHz.', field('memClockMhz')),
  gauge('DCGM_FI_DEV_CLOCK_THROTTLE_REASONS', 'Why clocks are held back, as a bit mask.', field('throttleBits')),
  gauge('DCGM_FI_DEV_GPU_TEMP', 'Temperature of the card in degrees Celsius.', field('tempC')),
  gauge('DCGM_FI_DEV_MEMORY_TEMP', 'Temperature of the memory in degrees Celsius.', field('memTempC')),
  gauge('DCGM_FI_DEV_POWER_USAGE', 'Power drawn in W.', field('powerMw', 1_000)),
  gauge('DCGM_FI_DEV_POWER_MGMT_LIMIT', 'Power limit in W.', field('powerLimitMw', 1_000)),
  counter('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'Energy since the driver was loaded in mJ.', field('energyMj')),
  gauge('DCGM_FI_DEV_GPU_UTIL', 'Utilisation of the compute units in percent.', field('utilPct')),
  gauge('DCGM_FI_DEV_MEM_COPY_UTIL', 'Utilisation of the memory interface in percent.', field('memUtilPct')),
  gauge('DCGM_FI_DEV_FB_FREE', 'Memory that is usable and free in MiB.', freeMib),
  gauge('DCGM_FI_DEV_FB_USED', 'Memory in use in MiB.', field('memUsedBytes', MIB)),
  gauge(
    'DCGM_FI_DEV_XID_ERRORS',
    'Code of the last XID heard since this process began to listen; 0 when there was none. Codes differ by vendor.',
    (card) => card.lastXid,
  ),
  counter('DCGM_FI_DEV_ECC_SBE_VOL_TOTAL', 'Corrected memory errors since the driver was loaded.', field('eccCorVol')),
  counter(
    'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
    'Uncorrectable memory errors since the driver was loaded.',
    field('eccUncVol'),
  ),
  counter('DCGM_FI_DEV_ECC_SBE_AGG_TOTAL', 'Corrected memory errors over the life of the card.', field('eccCorAgg')),
  counter(
    'DCGM_FI_DEV_ECC_DBE_AGG_TOTAL',
    'Uncorrectable memory errors over the life of the card.',
    field('eccUncAgg'),
  ),
  gauge(
    'DCGM_FI_DEV_ROW_REMAP_PENDING',
    'Whether a reset is needed before a memory repair takes effect: 1 or 0.',
    field('remapPending'),
  ),
  gauge('DCGM_FI_DEV_PCIE_LINK_GEN', 'Generation of the PCIe link as it runs now.', field('pcieGen')),
  gauge('DCGM_FI_DEV_PCIE_LINK_WIDTH', 'Lanes of the PCIe link as it runs now.', field('pcieWidth')),
  counter('DCGM_FI_DEV_PCIE_REPLAY_COUNTER', 'Packets sent again over PCIe.', field('pcieReplay')),
  gauge(
    'DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL',
    'Traffic over all links between cards (ICN), sent and received, in MB/s.',
    ({ links }) => links && sum(links.flatMap((link) => [link.txMegabytesPerSec, link.rxMegabytesPerSec])),
  ),
  gauge('kashi_card_icn_links_active', 'Links to other cards that are up.', ({ links }) => links && active(links)),
  gauge('kashi_card_retired_pages', 'Memory pages taken out of use.', field('pagesRetired')),
  gauge(
    'kashi_card_takes_new_work',
    'Whether its health lets new work come: 1 or 0. Cordons and sales are not looked at.',
    ({ verdict }) => verdict && (verdict.takesNewWork ? 1 : 0),
  ),
];

type Read = CardFamily['read'];

function gauge(name: string, help: string, read: Read): CardFamily {
  return { name, type: 'gauge', help, read };
}

function counter(name: string, help: string, read: Read): CardFamily {
  return { name, type: 'counter', help, read };
}

/** A field of the sample, in units `divisor` times as large. */
function field(name: SampleField, divisor = 1): Read {
  return ({ sample }) => {
    const reading = sample?.[name];
    return reading?.ok ? reading.value / divisor : null;
  };
}

function freeMib({ sample }: CardView): number | null {
  if (!sample?.memUsableBytes.ok || !sample.memUsedBytes.ok) return null;
  return Math.max(0, sample.memUsableBytes.value - sample.memUsedBytes.value) / MIB;
}

/** The sum where every part is known; a part that is not makes the whole unknown. */
function sum(readings: readonly NumberReading[]): number | null {
  return readings.reduce<number | null>(
    (total, reading) => (total === null || !reading.ok ? null : total + reading.value),
    0,
  );
}

function active(links: readonly IcnLink[]): number {
  return links.filter((link) => link.state === 'active').length;
}
