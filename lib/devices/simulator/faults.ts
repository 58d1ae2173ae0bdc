import { MINUTE_MS } from '#lib/core/instant.ts';
import type { HostAction, KillReason } from '../simulation.ts';
import { FAULT_KINDS, type FaultKind } from '../fault-types.ts';
import { type DeviceEventBody, DriverCode, type RecoveryAction } from '../types.ts';
import { FAULT_CODES } from './fault-codes.ts';
import { hash32, uniform } from './hash.ts';
import { ACTION_ORDER, type SimCard, type SimFault } from './state.ts';

/** What mends a fault. A stronger one of the same line mends it too; `time` passes by itself. */
export type Remedy = 'time' | 'device_reset' | HostAction;

type FaultTraits = {
  readonly remedies: readonly Remedy[];
  /** What the driver asks for while the fault is open. */
  readonly action: RecoveryAction;
  /** With which code the card's readings answer while it is open. */
  readonly code: DriverCode | null;
  readonly kills: KillReason | null;
  /** Whether the interface shows anything of it at all. */
  readonly isSilent: boolean;
};

const QUIET: FaultTraits = { remedies: ['time'], action: 'none', code: null, kills: null, isSilent: false };
const BY_RESET: readonly Remedy[] = ['device_reset', 'os_reboot', 'cold_reboot'];
const BY_REBOOT: readonly Remedy[] = ['os_reboot', 'cold_reboot'];
const BY_POWER: readonly Remedy[] = ['cold_reboot'];
const BY_DRIVER: readonly Remedy[] = ['driver_restart', 'driver_reinstall', 'os_reboot', 'cold_reboot'];
const BY_REINSTALL: readonly Remedy[] = ['driver_reinstall'];
const ECC: FaultTraits = { ...QUIET, remedies: BY_RESET, action: 'device_reset', kills: 'uncorrectable_ecc' };

/** What each kind of fault does while it is open. A first uncorrectable error and an application's are never open. */
export const FAULT_TRAITS: Readonly<Record<FaultKind, FaultTraits>> = {
  lost: { ...QUIET, remedies: BY_POWER, action: 'cold_reboot', code: DriverCode.DEVICE_LOST, kills: 'device_lost' },
  hbm_uecc: ECC,
  sram_ecc: ECC,
  cecc_storm: { ...QUIET, remedies: BY_RESET },
  icn_down: { ...QUIET, remedies: BY_REBOOT, action: 'node_reboot' },
  icn_half_width: { ...QUIET, remedies: BY_REBOOT },
  kill_overtime: {
    ...QUIET,
    remedies: BY_RESET,
    action: 'device_reset',
    code: DriverCode.RESET_REQUIRED,
    kills: 'device_blocked',
  },
  thermal: QUIET,
  silent_slow: { ...QUIET, remedies: BY_POWER, isSilent: true },
  sdc: { ...QUIET, remedies: BY_POWER, isSilent: true },
  app_xid: { ...QUIET, kills: 'application_fault' },
  retirement_failed: { ...QUIET, remedies: BY_RESET, action: 'drain_and_reset' },
  // A binding by hand does not outlive a boot, and loading the right driver again takes nothing from another one.
  vfio_bound: { ...QUIET, remedies: BY_REBOOT },
  driver_unloaded: { ...QUIET, remedies: BY_DRIVER, code: DriverCode.DRIVER_NOT_LOADED },
  lib_mismatch: { ...QUIET, remedies: BY_DRIVER, code: DriverCode.LIB_RM_MISMATCH },
  stale_initramfs: { ...QUIET, remedies: BY_REINSTALL, isSilent: true },
};

/** The strongest recovery action that the open faults of a card ask for. */
export function actionOf(card: SimCard): RecoveryAction {
  const asked = card.faults.map((fault) => FAULT_TRAITS[fault.kind].action);
  return asked.reduce((a, b) => (ACTION_ORDER.indexOf(b) > ACTION_ORDER.indexOf(a) ? b : a), 'none');
}

/** The code with which a card's readings answer; null when they can be read. */
export function failureOf(card: SimCard): DriverCode | null {
  return card.faults.map((fault) => FAULT_TRAITS[fault.kind].code).find((code) => code !== null) ?? null;
}

const SEVERE_THERMAL_SHARE = 0.05;

const PACE = { silentSlow: 0.5, thermal: 0.8, severeThermal: 0.3 } as const;

/** The speed that a card's own faults leave it, 1 being all of it. */
export function speedOf(card: SimCard): number {
  return card.faults.reduce((speed, fault) => Math.min(speed, paceUnder(fault)), 1);
}

/** The share of the clock that heat leaves a card. */
export function thermalSpeedOf(card: SimCard): number {
  return card.faults.reduce(
    (speed, fault) => (fault.kind === 'thermal' ? Math.min(speed, paceUnder(fault)) : speed),
    1,
  );
}

function paceUnder({ kind, isSevere }: SimFault): number {
  if (kind === 'thermal') return isSevere ? PACE.severeThermal : PACE.thermal;
  return kind === 'silent_slow' ? PACE.silentSlow : 1;
}

/** What the seed says of one fault on one card at one instant. */
type Particulars = { readonly link: number; readonly isSevere: boolean; readonly lastsMs: number };

export function particularsOf(seed: number, card: SimCard, kind: FaultKind, since: number): Particulars {
  const keys = [seed, card.key, FAULT_KINDS.indexOf(kind), since];
  const wired = (card.node.wiring[card.slot] ?? []).flatMap((end, link) => (end === null ? [] : [link]));
  const isSevere = uniform(...keys, 1) < SEVERE_THERMAL_SHARE;
  const minutes = isSevere ? 60 + 120 * uniform(...keys, 2) : 10 + 30 * uniform(...keys, 2);
  return {
    link: wired[hash32(...keys, 3) % Math.max(1, wired.length)] ?? 0,
    isSevere,
    lastsMs: Math.round(minutes * MINUTE_MS),
  };
}

/** What the driver reports when a fault strikes, in order; a change of the recovery action follows by itself. */
export function surfaceOf(kind: FaultKind, card: SimCard, since: number, xid: number | null): DeviceEventBody[] {
  const codes = FAULT_CODES[card.node.profile.arch];
  const pick = (of: readonly number[], salt: number): DeviceEventBody[] =>
    of
      .slice(hash32(card.key, since, salt) % Math.max(1, of.length))
      .slice(0, 1)
      .map(xidEvent);
  switch (kind) {
    case 'lost':
      return [xidEvent(codes.lost), { type: 'unavailable' }];
    case 'hbm_uecc':
      return [
        ...pick(codes.memoryUncorrectable, 7),
        ...pick(codes.memoryPartners, 8),
        { type: 'ecc', bits: 2 },
        { type: 'retirement', failed: false },
      ];
    case 'sram_ecc':
      return [...pick(codes.cacheUncorrectable, 7), { type: 'ecc', bits: 2 }];
    case 'cecc_storm':
      return [...pick(codes.memoryCorrectable, 7), { type: 'ecc', bits: 1, storm: true }];
    case 'icn_down':
      return [xidEvent(codes.linkDown)];
    case 'kill_overtime':
      return [xidEvent(codes.blocked)];
    case 'thermal':
      return [{ type: 'clock' }];
    case 'app_xid':
      return [xidEvent(xid ?? codes.application)];
    case 'retirement_failed':
      return [{ type: 'retirement', failed: true }];
    case 'vfio_bound':
    case 'driver_unloaded':
    case 'lib_mismatch':
      return [{ type: 'driver', bound: false }];
    default:
      return [];
  }
}

function xidEvent(code: number): DeviceEventBody {
  return { type: 'xid', code };
}
