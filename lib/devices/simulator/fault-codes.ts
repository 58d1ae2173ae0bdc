import type { KnownArch } from '../types.ts';
import { Xid } from '../xid.ts';

/** Which codes an architecture raises for our kinds of faults. Of several, the card and the instant choose one. */
export type FaultCodes = {
  readonly lost: number;
  readonly memoryUncorrectable: readonly number[];
  /** What the same memory fault raises besides. */
  readonly memoryPartners: readonly number[];
  readonly cacheUncorrectable: readonly number[];
  readonly memoryCorrectable: readonly number[];
  readonly linkDown: number;
  readonly blocked: number;
  /** The program's own fault, where none is asked for. */
  readonly application: number;
};

const PPU: FaultCodes = {
  lost: Xid.DEVICE_LOST,
  memoryUncorrectable: [Xid.HBM_PS0_UNCORRECTABLE, Xid.HBM_PS1_UNCORRECTABLE],
  memoryPartners: [Xid.CHUB_ECC, Xid.L1_ECC, Xid.MMU_ECC, Xid.TLBV_ECC],
  cacheUncorrectable: [Xid.L1_ECC, Xid.TLBV_ECC],
  memoryCorrectable: [Xid.HBM_PS0_CORRECTABLE, Xid.HBM_PS1_CORRECTABLE],
  linkDown: Xid.ICN_PORT_TX,
  blocked: Xid.KILL_OVERTIME,
  application: Xid.MMU_INVALID_VA,
};

export const FAULT_CODES: Readonly<Record<KnownArch, FaultCodes>> = {
  ppu001: PPU,
  ppu0015: PPU,
  hopper: {
    lost: 79,
    memoryUncorrectable: [48],
    memoryPartners: [94],
    cacheUncorrectable: [94],
    memoryCorrectable: [92],
    linkDown: 74,
    blocked: 119,
    application: 31,
  },
  ascend910b: {
    lost: 0x40_f8_4e_00,
    memoryUncorrectable: [0x80_e0_18_01],
    memoryPartners: [],
    cacheUncorrectable: [0x80_c9_80_08],
    memoryCorrectable: [0x80_e1_84_01],
    linkDown: 0x81_b3_80_09,
    blocked: 0x8c_0a_4e_00,
    application: 0x80_cb_80_09,
  },
};
