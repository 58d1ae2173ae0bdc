import type { XidRow } from './xid-row.ts';

/**
 * Fault codes of the Ascend 910B, the part of them that a marketplace must tell apart. A code and how severe it is
 * come from the fault levels of the vendor's own device plugin (`RestartRequest` and `RestartBusiness` restart the job,
 * `FreeRestartNPU` and `RestartNPU` reset the card, `SeparateNPU` takes it away, `NotHandleFault` nothing). Verified:
 * the names of these too, from the vendor's tools and drivers. A card to be taken away is `blocked`: no reset brings
 * it back to health, and ops must replace it.
 */
const VERIFIED: readonly XidRow[] = [
  [0x40_f8_4e_00, 'DEVICE', 'heartbeat_lost', '', 'cold_reboot'],
  [0x80_c9_80_09, 'AICORE', 'bus_access_error', '', 'restart_app'],
  [0x80_cb_80_09, 'AIVECTOR', 'bus_access_error', '', 'restart_app'],
  [0x80_cb_80_0a, 'AIVECTOR', 'operator_timeout', '', 'restart_app'],
  [0x80_e0_18_01, 'HBM', 'multi_bit_ecc', '', 'restart_app_then_reset'],
  [0x80_e1_80_05, 'HBMC', 'command_address_parity', '', 'device_reset'],
  [0x80_e1_84_02, 'HBM', 'isolated_rows_exhausted', '', 'device_reset'],
  [0x80_e2_10_07, 'DMP', 'daemon_state_abnormal', '', 'none'],
  [0x80_f7_80_09, 'HWTS', 'bus_error', '', 'device_reset'],
  [0x81_07_86_03, 'ROCE', 'link_down', '', 'none'],
  [0x8c_0a_4e_00, 'DMP', 'daemon_heartbeat_lost', '', 'device_reset'],
];

/**
 * Assumed: what these two stand for, by the pattern of their neighbours, and that a lost HCCS link shows as the third,
 * for which no code is published.
 */
const ASSUMED: readonly XidRow[] = [
  [0x80_c9_80_08, 'AICORE', 'buffer_multi_bit_ecc', '', 'restart_app_then_reset'],
  [0x80_e1_84_01, 'HBM', 'isolated_rows_running_out', '', 'none', 'ecc_correctable'],
  [0x81_b3_80_09, 'HCCS', 'link_error', '', 'os_reboot'],
];

export const XID_ASCEND910B: readonly XidRow[] = [...VERIFIED, ...ASSUMED];
