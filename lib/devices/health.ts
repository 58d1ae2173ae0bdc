import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import {
  type Attempt,
  type DeviceArch,
  DriverCode,
  type Fabric,
  type NumberReading,
  type PresenceState,
  type Reading,
  type RecoveryAction,
} from './types.ts';
import { decodeXid } from './xid.ts';

export type Health = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

export type HealthReason =
  | 'none'
  | 'page_retired'
  | 'drained'
  | 'server_reboot_pending'
  | 'icn_link_down'
  | 'icn_reduced_width'
  | 'fabric_limited'
  | 'p2p_drain_required'
  | 'thermal_throttle'
  | 'power_brake'
  | 'correctable_ecc_storm'
  | 'memory_below_sold'
  | 'device_lost'
  | 'cold_reboot_required'
  | 'node_reboot_required'
  | 'reset_required'
  | 'drain_and_reset_required'
  | 'repeated_uncorrectable_ecc'
  | 'driver_not_loaded'
  | 'driver_mismatch'
  | 'driver_not_bound'
  | 'removed'
  | 'reads_failing'
  | 'events_lost'
  | 'stream_broken';

/** `recovery` is what ops should do; the driver's own wish, or our advice where the driver has none. */
export type HealthVerdict = {
  readonly health: Health;
  readonly takesNewWork: boolean;
  readonly reason: HealthReason;
  readonly recovery: RecoveryAction;
};

export type LinkSummary = { readonly down: number; readonly reducedWidth: number };

/** `isFresh`: heard since the card was last read. */
export type HeardXid = { readonly code: number; readonly at: Instant; readonly isFresh: boolean };

/** Everything a verdict depends on, as read from any driver. */
export type CardObservation = {
  readonly arch: DeviceArch;
  /** Null when the PCI view could not be read; a card that it does not show is lost. */
  readonly presence: PresenceState | null;
  readonly recovery: Reading<RecoveryAction>;
  readonly throttleBits: NumberReading;
  readonly memUsableBytes: NumberReading;
  readonly eccCorVol: NumberReading;
  readonly links: Attempt<LinkSummary>;
  readonly fabric: Reading<Fabric>;
  /** What we promise of its memory; null when the model is not one we sell. */
  readonly soldMemoryBytes: number | null;
  /** XIDs since the last recovery, oldest first. */
  readonly xids: readonly HeardXid[];
  /** Rounds of reading in a row that told nothing. */
  readonly failedReads: number;
};

/** More correctable errors since the driver was loaded are a storm. Assumption: the vendor publishes no limit. */
export const CORRECTABLE_STORM_COUNT = 10_000;
/** A second uncorrectable error this soon after the first asks for a reset. Assumption. */
export const UNCORRECTABLE_WINDOW_MS = 24 * HOUR_MS;
/** One memory fault raises several XIDs: those this close together are one. Assumption. */
const SAME_FAULT_MS = 5_000;
/** One failed round changes nothing; this many in a row mean that nothing is known. Assumption. */
export const FAILED_READS_MAX = 2;

const THERMAL_THROTTLE_BITS = 0x20 | 0x40;
const POWER_BRAKE_BIT = 0x80;

const HEALTHY: HealthVerdict = { health: 'healthy', takesNewWork: true, reason: 'none', recovery: 'none' };

/** Builds the verdict of a state in which nothing can be known. */
export function unknownBecause(reason: HealthReason): HealthVerdict {
  return { health: 'unknown', takesNewWork: false, reason, recovery: 'none' };
}

/** True when the card does its work, if perhaps worse than it should. */
export function isUp(verdict: HealthVerdict): boolean {
  return verdict.health === 'healthy' || verdict.health === 'degraded';
}

/** True when some card of a server asks for a reboot of the whole server. */
export function asksForReboot(cards: Iterable<CardObservation>): boolean {
  return [...cards].some(({ recovery }) => recovery.ok && recovery.value === 'node_reboot');
}

/**
 * The health of a card. The first rule that applies decides, so the order below is part of the contract.
 * `isServerRebootPending`: some card of the server asks for a node reboot, which would take its neighbours' jobs too.
 */
export function assessHealth(card: CardObservation, isServerRebootPending: boolean): HealthVerdict {
  const own = RULES.reduce<HealthVerdict | null>((verdict, rule) => verdict ?? rule(card), null) ?? HEALTHY;
  if (!own.takesNewWork) return own;
  if (card.presence === 'draining') return withoutNewWork(own, 'drained');
  return isServerRebootPending ? withoutNewWork(own, 'server_reboot_pending') : own;
}

/** The verdict on a card that gets no new work for a reason that is not its own; what ails it says more. */
function withoutNewWork(own: HealthVerdict, reason: HealthReason): HealthVerdict {
  return { ...own, takesNewWork: false, reason: own.reason === 'none' ? reason : own.reason };
}

const RULES: readonly ((card: CardObservation) => HealthVerdict | null)[] = [
  driverVerdict,
  presenceVerdict,
  deviceCodeVerdict,
  unboundVerdict,
  recoveryVerdict,
  silenceVerdict,
  xidVerdict,
  repeatedEccVerdict,
  degradedVerdict,
  retiredPageVerdict,
];

function readings(card: CardObservation): readonly Attempt<unknown>[] {
  return [card.recovery, card.throttleBits, card.memUsableBytes, card.eccCorVol, card.links, card.fabric];
}

function hasCode(card: CardObservation, code: DriverCode): boolean {
  return readings(card).some((reading) => !reading.ok && reading.code === code);
}

function driverVerdict(card: CardObservation): HealthVerdict | null {
  if (hasCode(card, DriverCode.DRIVER_NOT_LOADED)) return unknownBecause('driver_not_loaded');
  return hasCode(card, DriverCode.LIB_RM_MISMATCH) ? unknownBecause('driver_mismatch') : null;
}

function presenceVerdict(card: CardObservation): HealthVerdict | null {
  if (card.presence === 'removed') return unknownBecause('removed');
  return card.presence === 'lost' ? unhealthy('device_lost', 'cold_reboot') : null;
}

function deviceCodeVerdict(card: CardObservation): HealthVerdict | null {
  if (hasCode(card, DriverCode.DEVICE_LOST)) return unhealthy('device_lost', 'cold_reboot');
  return hasCode(card, DriverCode.RESET_REQUIRED) ? unhealthy('reset_required', 'device_reset') : null;
}

/**
 * Not gone, and yet the driver knows it not: another kernel driver (`vfio-pci`) holds it. Of a drained card the driver is
 * meant to know nothing, while its jobs go on: vanished is not lost.
 */
function unboundVerdict(card: CardObservation): HealthVerdict | null {
  if (card.presence === 'draining') return null;
  const isUnseen = [card.recovery, card.memUsableBytes, card.links].every(
    (reading) => !reading.ok && reading.code === DriverCode.NOT_FOUND,
  );
  return isUnseen ? unknownBecause('driver_not_bound') : null;
}

function recoveryVerdict(card: CardObservation): HealthVerdict | null {
  return card.recovery.ok ? BLOCKING_VERDICT[card.recovery.value] : null;
}

function silenceVerdict(card: CardObservation): HealthVerdict | null {
  return card.failedReads >= FAILED_READS_MAX ? unknownBecause('reads_failing') : null;
}

/** An XID speaks until the driver's own recovery action has been read after it: that is the later word. */
function xidVerdict(card: CardObservation): HealthVerdict | null {
  const { recovery } = card;
  for (const xid of card.xids) {
    if (recovery.ok && !xid.isFresh) continue;
    const kind = decodeXid(card.arch, xid.code).class;
    if (kind === 'device_lost') return unhealthy('device_lost', 'cold_reboot');
    if (kind === 'interconnect') return unhealthy('node_reboot_required', 'node_reboot');
    if (kind === 'blocked') return unhealthy('reset_required', 'device_reset');
  }
  return null;
}

function repeatedEccVerdict(card: CardObservation): HealthVerdict | null {
  const at = uncorrectableFaults(card);
  const isRepeated = at.some(
    (instant, index) => index > 0 && instant - (at[index - 1] ?? 0) <= UNCORRECTABLE_WINDOW_MS,
  );
  return isRepeated ? unhealthy('repeated_uncorrectable_ecc', 'device_reset') : null;
}

function degradedVerdict(card: CardObservation): HealthVerdict | null {
  const { links, fabric, throttleBits, eccCorVol, memUsableBytes, soldMemoryBytes, recovery } = card;
  const throttle = throttleBits.ok ? throttleBits.value : 0;
  if (links.ok && links.value.down > 0) return degraded('icn_link_down', 'node_reboot');
  if (recovery.ok && recovery.value === 'drain_p2p') return degraded('p2p_drain_required', 'drain_p2p');
  if (fabric.ok && fabric.value.health !== 'healthy') return degraded('fabric_limited');
  if (links.ok && links.value.reducedWidth > 0) return degraded('icn_reduced_width');
  if ((throttle & THERMAL_THROTTLE_BITS) !== 0) return degraded('thermal_throttle');
  if ((throttle & POWER_BRAKE_BIT) !== 0) return degraded('power_brake');
  const isStorm = eccCorVol.ok && eccCorVol.value > CORRECTABLE_STORM_COUNT;
  if (isStorm || hasUnreadStorm(card)) return degraded('correctable_ecc_storm', 'drain_and_reset');
  const isShort = memUsableBytes.ok && soldMemoryBytes !== null && memUsableBytes.value < soldMemoryBytes;
  return isShort ? degraded('memory_below_sold') : null;
}

function hasUnreadStorm({ arch, xids, eccCorVol }: CardObservation): boolean {
  return xids.some(
    ({ code, isFresh }) => decodeXid(arch, code).class === 'ecc_correctable' && (isFresh || !eccCorVol.ok),
  );
}

function retiredPageVerdict(card: CardObservation): HealthVerdict | null {
  return uncorrectableFaults(card).length > 0 ? { ...HEALTHY, reason: 'page_retired' } : null;
}

/** The instants of uncorrectable memory faults, with the several XIDs of one fault taken as one. */
function uncorrectableFaults({ arch, xids }: CardObservation): Instant[] {
  const faults: Instant[] = [];
  for (const { code, at } of xids) {
    if (decodeXid(arch, code).class !== 'ecc_uncorrectable') continue;
    const last = faults.at(-1);
    if (last === undefined || at - last > SAME_FAULT_MS) faults.push(at);
  }
  return faults;
}

function unhealthy(reason: HealthReason, recovery: RecoveryAction): HealthVerdict {
  return { health: 'unhealthy', takesNewWork: false, reason, recovery };
}

function degraded(reason: HealthReason, recovery: RecoveryAction = 'none'): HealthVerdict {
  return { health: 'degraded', takesNewWork: true, reason, recovery };
}

/** Draining peer-to-peer traffic blocks no work, so it ranks among what degrades a card. */
const BLOCKING_VERDICT: Readonly<Record<RecoveryAction, HealthVerdict | null>> = {
  none: null,
  drain_p2p: null,
  device_reset: unhealthy('reset_required', 'device_reset'),
  drain_and_reset: unhealthy('drain_and_reset_required', 'drain_and_reset'),
  node_reboot: unhealthy('node_reboot_required', 'node_reboot'),
  cold_reboot: unhealthy('cold_reboot_required', 'cold_reboot'),
};
