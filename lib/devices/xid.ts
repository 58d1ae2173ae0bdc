import type { DeviceArch } from './types.ts';
import { XID_ASCEND910B } from './xid-ascend910b.ts';
import { XID_HOPPER } from './xid-hopper.ts';
import { XID_PPU001 } from './xid-ppu001.ts';
import { XID_PPU0015 } from './xid-ppu0015.ts';
import type { XidClass, XidRecovery, XidRow } from './xid-row.ts';

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

/** PPU codes with a name of their own; they are the same on both of its architectures. */
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
  ppu001: byCode(XID_PPU001),
  ppu0015: byCode(XID_PPU0015),
  hopper: byCode(XID_HOPPER),
  ascend910b: byCode(XID_ASCEND910B),
  unknown: new Map(),
};

function byCode(rows: readonly XidRow[]): ReadonlyMap<number, XidRow> {
  return new Map(rows.map((row) => [row[0], row]));
}

const CLASS_OF_RECOVERY: Record<XidRecovery, XidClass> = {
  none: 'notice',
  restart_app: 'application',
  restart_app_then_reset: 'ecc_uncorrectable',
  device_reset: 'blocked',
  os_reboot: 'interconnect',
  cold_reboot: 'device_lost',
};

/**
 * Reads a fault code by architecture: the same unit has another number on another one, and the same number another
 * meaning. A code without a row is of class `unknown`, never an error. Only PPU codes are made of a client and an
 * event; for others the two ids say nothing.
 */
export function decodeXid(arch: DeviceArch, code: number): XidFacts {
  const row = TABLES[arch].get(code);
  const ids = { code, clientId: Math.floor(code / 256), eventId: code % 256 };
  if (!row) return { ...ids, client: null, event: null, causes: '', recovery: null, class: 'unknown' };
  const [, client, event, causes, recovery, ownClass] = row;
  return { ...ids, client, event, causes, recovery, class: ownClass ?? CLASS_OF_RECOVERY[recovery] };
}
