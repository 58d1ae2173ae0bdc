import type { Instant } from '#lib/core/instant.ts';
import { DriverCode, type IcnLink, type NumberReading, type SampleField } from '../types.ts';
import { failureOf, thermalSpeedOf } from './faults.ts';
import { hashText } from './hash.ts';
import { type Port, portsOf } from './interconnect.ts';
import { loadOf, wantedPowerW } from './pace.ts';
import { celsiusAt, energyJoulesAt, noiseAt, powerWattsAt } from './physics.ts';
import type { SimCard } from './state.ts';

const SALT = { util: 1, memUtil: 2, temp: 3 } as const;
const THROTTLE = { idle: 0x1, powerCap: 0x4, softThermal: 0x20, hardThermal: 0x40 } as const;
const MEMORY_WARMER_C = 4;
const MEMORY_WARMER_BUSY_C = 8;

type Gauge = (card: SimCard, at: Instant) => number | null;

/** How each field follows from the state of a card and the instant. Null: the tool does not implement it. */
const GAUGES: Readonly<Record<SampleField, Gauge>> = {
  utilPct: (card, at) => busyPct(card, loadOf(card).utilPct, SALT.util, at),
  memUtilPct: (card, at) => busyPct(card, loadOf(card).memUtilPct, SALT.memUtil, at),
  memUsedBytes: (card) => Math.min(usableBytes(card), usedBytes(card, loadOf(card).memoryShare)),
  memUsableBytes: usableBytes,
  powerMw: (card, at) => Math.round(powerWattsAt(card.segment, card.key, at) * 1_000),
  powerLimitMw: (card) => card.powerLimitMw,
  tempC: (card, at) => Math.round(coreC(card, at)),
  memTempC: (card, at) => {
    const busy = loadOf(card).memUtilPct / 100;
    return Math.round(coreC(card, at) + MEMORY_WARMER_C + MEMORY_WARMER_BUSY_C * busy);
  },
  cuClockMhz: (card) => {
    const { cuClockIdleMhz, cuClockMaxMhz } = card.figures;
    return loadOf(card).utilPct === 0 ? cuClockIdleMhz : Math.round(cuClockMaxMhz * thermalSpeedOf(card));
  },
  memClockMhz: (card) => card.figures.memClockMaxMhz,
  throttleBits,
  pcieGen: (card) => card.figures.pcieGen,
  pcieWidth: (card) => card.figures.pcieWidth,
  pcieReplay: () => null,
  eccCorVol: (card) => card.eccCorVol,
  eccUncVol: (card) => card.eccUncVol,
  eccCorAgg: (card) => card.eccCorAgg,
  eccUncAgg: (card) => card.eccUncAgg,
  pagesRetired: (card) => card.pagesRetired,
  remapPending: (card) => (card.isRemapPending ? 1 : 0),
  energyMj: (card, at) => Math.round(energyJoulesAt(card.segment, card.key, at) * 1_000),
};

/** One field of a card at an instant. */
export function readField(card: SimCard, field: SampleField, at: Instant): NumberReading {
  const code = failureOf(card);
  if (code !== null) return { ok: false, code };
  const value = GAUGES[field](card, at);
  return value === null ? { ok: false, code: DriverCode.NOT_SUPPORTED } : { ok: true, value, at };
}

/** Memory that a process with this share holds on a card, in bytes. */
export function usedBytes(card: SimCard, memoryShare: number): number {
  return Math.round(card.figures.memoryBytes * memoryShare);
}

/** The ports of a card as the driver shows them. */
export function readLinks(card: SimCard, at: Instant): IcnLink[] {
  return portsOf(card).map((port) => readLink(card, port, at));
}

function readLink(card: SimCard, port: Port, at: Instant): IcnLink {
  const { icnLanes, icnGigabytesPerSecPerLink } = card.figures;
  const reading = (value: number): NumberReading => ({ ok: true, value, at });
  const widthShare = port.isHalfWidth ? 0.5 : 1;
  const rate = port.isUp ? icnGigabytesPerSecPerLink * widthShare : 0;
  const flow = reading(Math.round(rate * 1_000 * flowShare(card, port)));
  const downs = card.linkDownCounts[port.link] ?? 0;
  return {
    id: port.link,
    state: port.isUp ? 'active' : 'inactive',
    gigabytesPerSec: reading(rate),
    txMegabytesPerSec: flow,
    rxMegabytesPerSec: flow,
    lanes: reading(icnLanes * widthShare),
    upCount: reading(port.isUp ? downs + 1 : downs),
    downCount: reading(downs),
    fecCor: reading(0),
    fecUnc: reading(0),
    txErr: reading(downs),
    rxErr: reading(0),
    remote: remoteOf(port),
  };
}

/** A wire carries what the less busy of its two ends has to say. */
function flowShare(card: SimCard, { remote }: Port): number {
  if (remote === null || typeof remote === 'string') return loadOf(card).icnShare;
  return Math.min(loadOf(card).icnShare, loadOf(remote.card).icnShare);
}

function remoteOf({ remote }: Port): IcnLink['remote'] {
  if (remote === null || remote === 'unrecorded') return { kind: 'unknown' };
  return remote === 'switch' ? { kind: 'switch' } : { kind: 'ppu', pciBusId: remote.card.pciBusId, link: remote.link };
}

/** A fabric's id in the form of a UUID: one per server, since a server's switch is all we model of it. */
export function fabricUuid(card: SimCard): string {
  const hex = [1, 2, 3, 4].map((part) => hashText(`${card.node.id}/${part}`).toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function busyPct(card: SimCard, meanPct: number, salt: number, at: Instant): number {
  if (meanPct === 0) return 0;
  return Math.max(0, Math.min(100, Math.round(meanPct + 3 * noiseAt(card.key, salt, at))));
}

function usableBytes(card: SimCard): number {
  const { memoryBytes, retiredPageBytes } = card.figures;
  return memoryBytes - card.pagesRetired * retiredPageBytes;
}

function coreC(card: SimCard, at: Instant): number {
  return celsiusAt(card.figures, card.segment, at) + 0.4 * noiseAt(card.key, SALT.temp, at);
}

function throttleBits(card: SimCard): number {
  const thermal = card.faults.find((fault) => fault.kind === 'thermal');
  const heat = thermal ? (thermal.isSevere ? THROTTLE.hardThermal : THROTTLE.softThermal) : 0;
  const cap = wantedPowerW(card) * 1_000 > card.powerLimitMw ? THROTTLE.powerCap : 0;
  return heat | cap | (loadOf(card).utilPct === 0 ? THROTTLE.idle : 0);
}
