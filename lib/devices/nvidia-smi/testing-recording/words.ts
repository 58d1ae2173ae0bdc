import { DriverCode, type NumberReading, type Reading } from '../../types.ts';
import type { ToolResult } from '../../tool/command.ts';

/** What stands in a table where there is no value. */
const CELLS: Partial<Record<DriverCode, string>> = {
  [DriverCode.NOT_SUPPORTED]: '[N/A]',
  [DriverCode.DEVICE_LOST]: '[GPU is lost]',
  [DriverCode.RESET_REQUIRED]: '[GPU requires reset]',
  [DriverCode.NO_PERMISSION]: '[Insufficient Permissions]',
};

const FAILURES: Partial<Record<DriverCode, readonly [exitCode: number, text: string]>> = {
  [DriverCode.DRIVER_NOT_LOADED]: [
    9,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n",
  ],
  [DriverCode.LIB_RM_MISMATCH]: [
    18,
    'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 570.86\n',
  ],
  [DriverCode.NOT_FOUND]: [6, 'No devices were found\n'],
  [DriverCode.NO_PERMISSION]: [4, 'Insufficient Permissions\n'],
};

export function cellOf<T>(reading: Reading<T>, print: (value: T) => string): string {
  return reading.ok ? print(reading.value) : (CELLS[reading.code] ?? '[Unknown Error]');
}

export function quantityCell(reading: NumberReading, unit: string, share = 1): string {
  return cellOf(reading, (value) => `${Math.round(value / share)}${unit === '' ? '' : ` ${unit}`}`);
}

/** `72.02 W` of milliwatts. */
export function wattsCell(reading: NumberReading): string {
  return cellOf(reading, wattsOf);
}

export function wattsOf(milliwatts: number): string {
  const hundredths = Math.round(milliwatts / 10);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')} W`;
}

export function printed(stdout: string, exitCode = 0): ToolResult {
  return { exitCode, stdout, stderr: '' };
}

/** How the tool fails with a code that concerns the whole run. */
export function failed(code: DriverCode): ToolResult {
  const [exitCode, text] = FAILURES[code] ?? [255, 'Unknown Error\n'];
  return printed(text, exitCode);
}

/** `00000000:1B:00.0`, as most commands print buses. */
export function longBus(busId: string): string {
  return busId.toUpperCase();
}

/** `0000:1B:00.0`, as sentences have them. */
export function shortBus(busId: string): string {
  return busId.slice(4).toUpperCase();
}
