import type { DeviceArch } from './types.ts';
import { XID_PPU001 } from './xid-ppu001.ts';
import { XID_PPU0015 } from './xid-ppu0015.ts';
import type { XidRecovery, XidRow } from './xid-row.ts';

/** What an XID means to us. `ecc_correctable` leaves jobs running; every other class ends the job that met it. */
export type XidClass =
  | 'application'
  | 'ecc_correctable'
  | 'ecc_uncorrectable'
  | 'blocked'
  | 'interconnect'
  | 'device_lost'
  | 'unknown';

export type XidFacts = {
  readonly code: number;
  readonly clientId: number;
  readonly eventId: number;
  readonly client: string | null;
  readonly event: string | null;
  readonly causes: string;
  /** Null when the table of this architecture does not know the code. */
  readonly recovery: XidRecovery | null;
  readonly class: XidClass;
};

/** Codes that the simulator raises or that need a rule of their own; they are the same on both architectures. */
export const Xid = {
  CHUB_ECC: 642,
  L1_ECC: 1154,
  MMU_ECC: 1665,
  MMU_INVALID_VA: 1666,
  TLBV_ECC: 1922,
  ICN_PORT_TX: 4480,
  HBM_PS0_CORRECTABLE: 4996,
  HBM_PS0_UNCORRECTABLE: 4997,
  HBM_PS1_CORRECTABLE: 5004,
  HBM_PS1_UNCORRECTABLE: 5005,
  KILL_OVERTIME: 16256,
  DEVICE_LOST: 16257,
  LAUNCH_ABORT: 16258,
} as const;

const TABLES: Record<DeviceArch, ReadonlyMap<number, XidRow>> = {
  ppu001: new Map(XID_PPU001.map((row) => [row[0], row])),
  ppu0015: new Map(XID_PPU0015.map((row) => [row[0], row])),
  hopper: new Map(),
  ascend910b: new Map(),
  unknown: new Map(),
};

const CLASS_OF_RECOVERY: Record<XidRecovery, XidClass> = {
  restart_app: 'application',
  restart_app_then_reset: 'ecc_uncorrectable',
  device_reset: 'blocked',
  os_reboot: 'interconnect',
  cold_reboot: 'device_lost',
};

/**
 * Reads an XID by architecture, since the same unit has another number on another one. A code without a row is of
 * class `unknown`, never an error. NVIDIA's numbers mean something else and have no place here.
 */
export function decodeXid(arch: DeviceArch, code: number): XidFacts {
  const row = TABLES[arch].get(code);
  const ids = { code, clientId: Math.floor(code / 256), eventId: code % 256 };
  if (!row) return { ...ids, client: null, event: null, causes: '', recovery: null, class: 'unknown' };
  const [, client, event, causes, recovery] = row;
  return { ...ids, client, event, causes, recovery, class: classOf(code, recovery) };
}

/** The manual files both correctable-ECC codes under "relaunch the job", and says elsewhere that jobs continue. */
function classOf(code: number, recovery: XidRecovery): XidClass {
  const isCorrectable = code === Xid.HBM_PS0_CORRECTABLE || code === Xid.HBM_PS1_CORRECTABLE;
  return isCorrectable ? 'ecc_correctable' : CLASS_OF_RECOVERY[recovery];
}
