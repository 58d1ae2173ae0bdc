import type { Instant } from '#lib/core/instant.ts';

export const CARD_FAULT_KINDS = [
  'lost',
  'hbm_uecc',
  'cecc_storm',
  'sram_ecc',
  'icn_down',
  'icn_half_width',
  'kill_overtime',
  'thermal',
  'silent_slow',
  'sdc',
  'app_xid',
  'retirement_failed',
  'vfio_bound',
] as const;
export const NODE_FAULT_KINDS = ['driver_unloaded', 'lib_mismatch', 'stale_initramfs'] as const;
export const FAULT_KINDS = [...CARD_FAULT_KINDS, ...NODE_FAULT_KINDS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A card kind aimed at more than a card hits every card of it; a server kind cannot be aimed at a card. */
export type FaultTarget =
  | { readonly uuid: string }
  | { readonly nodeId: string }
  | { readonly modelId: string }
  | { readonly all: true };

/** Now, at an instant, after the target's drivers have served that many more operations, or by chance. */
export type FaultRequest = {
  readonly target: FaultTarget;
  readonly kind: FaultKind;
  /** Which application XID to raise; only with `app_xid`. */
  readonly xid?: number;
  readonly at?: Instant;
  readonly afterOps?: number;
  /** By chance until it is cleared: so many times per card and hour, for a server kind per server and hour. */
  readonly perHour?: number;
};

/** Breaks simulated cards on demand. Stands beside the simulator, never on `DeviceDriver`. */
export interface FaultInjector {
  /**
   * The injection's id. Rejects `NOT_FOUND` (target) and `INVALID_ARGUMENT`: kind, XID, a rate that is none, an unknown
   * key, more than one of `at`, `afterOps` and `perHour`.
   */
  inject(request: FaultRequest): Promise<string>;
  /** Takes back what is still waiting and mends what is still open of an injection; `NOT_FOUND` for an unknown id. */
  clear(injectionId: string): Promise<void>;
}
