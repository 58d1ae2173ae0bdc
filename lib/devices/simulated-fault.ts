import type { HealthReason } from './health.ts';
import type { FaultKind } from './fault-types.ts';

/**
 * Which simulated fault stands behind a verdict, for those who remember verdicts and must restore a simulated world
 * from them. Null: nothing to restore, because it is the effect of another card's fault or of an operator's hand.
 */
export const SIMULATED_FAULT_OF = {
  none: null,
  page_retired: null,
  drained: null,
  removed: null,
  server_reboot_pending: null,
  icn_link_down: null,
  fabric_limited: null,
  p2p_drain_required: null,
  power_brake: null,
  memory_below_sold: null,
  reads_failing: null,
  events_lost: null,
  stream_broken: null,
  icn_reduced_width: 'icn_half_width',
  thermal_throttle: 'thermal',
  correctable_ecc_storm: 'cecc_storm',
  device_lost: 'lost',
  cold_reboot_required: 'lost',
  node_reboot_required: 'icn_down',
  reset_required: 'kill_overtime',
  drain_and_reset_required: 'retirement_failed',
  repeated_uncorrectable_ecc: 'hbm_uecc',
  driver_not_loaded: 'driver_unloaded',
  driver_mismatch: 'lib_mismatch',
  driver_not_bound: 'vfio_bound',
} as const satisfies Record<HealthReason, FaultKind | null>;
