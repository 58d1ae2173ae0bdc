import type { XidRow } from './xid-row.ts';

/** Engines whose exceptions are the program's own: unit, and the codes of its instances. */
const ENGINES: readonly (readonly [client: string, codes: readonly number[]])[] = [
  ['CE', [39, 40, 41, 70, 71, 72, 75, 76, 77, 85, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135]],
  ['NVDEC', [68, 83, 84, 88, 89, 96, 97, 98]],
  ['NVJPG', [82, 99, 100, 101, 102, 103, 104, 105]],
  ['OFA', [86, 139]],
];

/**
 * NVIDIA's XIDs on Hopper, after the vendor's public catalogue (analyzing-xid-catalog): codes and what to do at once
 * are verified, units and names are ours, causes are not given there. Where we differ from it: 79 asks for a restart
 * of the server, and we want the power off, since a card that left the bus need not come back otherwise; 109 asks for
 * a reset, and is the program's own as the vendor's device plugin has it; 74 has a workflow, whose end we take; 61 is
 * no longer used and stays as older catalogues had it. Codes of NVLink 5 (144 to 150) do not occur on Hopper.
 */
export const XID_HOPPER: readonly XidRow[] = [
  ...ENGINES.flatMap(([client, codes]) =>
    codes.map((code): XidRow => [code, client, 'engine_exception', '', 'restart_app']),
  ),
  [8, 'FIFO', 'idle_timeout', '', 'restart_app'],
  [11, 'GR', 'invalid_push_buffer', '', 'restart_app'],
  [13, 'GR', 'graphics_engine_exception', '', 'restart_app'],
  [25, 'GR', 'illegal_push_buffer', '', 'restart_app'],
  [31, 'MMU', 'memory_page_fault', '', 'restart_app'],
  [32, 'PBDMA', 'corrupted_push_buffer', '', 'restart_app'],
  [37, 'FECS', 'unknown_firmware_method', '', 'none'],
  [38, 'FECS', 'watchdog_timeout', '', 'none'],
  [43, 'FIFO', 'reset_channel_error', '', 'restart_app'],
  [44, 'GR', 'fault_during_context_switch', '', 'none'],
  [45, 'FIFO', 'preemptive_removal', '', 'restart_app'],
  [46, 'FIFO', 'gpu_timeout', '', 'device_reset'],
  [48, 'FB', 'double_bit_ecc', '', 'restart_app_then_reset'],
  [60, 'SEC2', 'video_processor_exception', '', 'restart_app'],
  [61, 'PMU', 'breakpoint', '', 'device_reset'],
  [62, 'PMU', 'halt', '', 'device_reset'],
  [63, 'FB', 'row_remapped', '', 'none'],
  [64, 'FB', 'row_remapping_failed', '', 'device_reset'],
  [66, 'FECS', 'illegal_access_by_driver', '', 'none'],
  [67, 'FECS', 'illegal_access_by_driver', '', 'none'],
  [69, 'GR', 'class_error', '', 'restart_app'],
  [74, 'NVLINK', 'nvlink_error', '', 'os_reboot'],
  [79, 'BUS', 'fallen_off_the_bus', '', 'cold_reboot'],
  [80, 'PBDMA', 'corrupted_data', '', 'restart_app'],
  [92, 'FB', 'many_single_bit_ecc', '', 'none', 'ecc_correctable'],
  [93, 'INFOROM', 'erase_limit_exceeded', '', 'none'],
  [94, 'FB', 'contained_memory_error', '', 'restart_app_then_reset'],
  [95, 'FB', 'uncontained_memory_error', '', 'device_reset'],
  [106, 'SMBPBI', 'test_message', '', 'none'],
  [107, 'SMBPBI', 'test_message', '', 'none'],
  [108, 'NVLINK', 'remote_translation_error', '', 'none'],
  [109, 'FIFO', 'context_switch_timeout', '', 'restart_app'],
  [110, 'SEC', 'security_fault', '', 'device_reset'],
  [119, 'GSP', 'rpc_timeout', '', 'device_reset'],
  [120, 'GSP', 'firmware_error', '', 'device_reset'],
  [121, 'C2C', 'c2c_error', '', 'none'],
  [136, 'NVLINK', 'link_training_failed', '', 'device_reset'],
  [137, 'NVLINK', 'privilege_error', '', 'none'],
  [140, 'FB', 'unrecovered_ecc', '', 'device_reset'],
  [141, 'CUDA', 'fast_path_error', '', 'none'],
  [143, 'GPU', 'initialisation_error', '', 'device_reset'],
  [154, 'GPU', 'recovery_action_changed', '', 'none'],
  [155, 'NVLINK', 'software_defined_error', '', 'device_reset'],
  [156, 'GPU', 'resource_retired', '', 'device_reset'],
  [157, 'GPU', 'resource_retirement_failed', '', 'none'],
  [158, 'GPU', 'fatal_timeout', '', 'device_reset'],
  [160, 'GPU', 'channel_retired', '', 'none'],
  [161, 'GPU', 'channel_retirement_failed', '', 'none'],
  [171, 'FB', 'uncorrectable_dram_error', '', 'restart_app_then_reset'],
  [172, 'FB', 'uncorrectable_sram_error', '', 'restart_app_then_reset'],
];
