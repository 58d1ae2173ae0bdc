import { DriverCode } from '../types.ts';

/** How the management library words its codes; ours where no wording is known. */
const TEXTS: Readonly<Record<DriverCode, string>> = {
  1: 'Uninitialized',
  2: 'Invalid Argument',
  3: 'Not Supported',
  4: 'Insufficient Permissions',
  6: 'Not Found',
  9: 'Driver Not Loaded',
  10: 'Timeout',
  15: 'PPU is lost',
  16: 'PPU requires reset',
  17: 'The operating system has blocked the request',
  18: 'Driver/library version mismatch',
  19: 'In use by another client',
  21: 'No data',
  25: 'Argument version mismatch',
  27: 'System is not in ready state',
  29: 'Invalid State',
  30: 'Reset type not supported',
  999: 'Unknown Error',
};

/** The words of a code, as tools print them. */
export function errorTextOf(code: DriverCode): string {
  return TEXTS[code];
}

/** What tools say when they fail, with the code it stands for; the first that applies counts. */
const SIGNS: readonly (readonly [RegExp, DriverCode])[] = [
  [/driver (is )?not loaded|couldn't communicate with the .*driver/i, DriverCode.DRIVER_NOT_LOADED],
  [/version mismatch/i, DriverCode.LIB_RM_MISMATCH],
  [/is lost|fallen off the bus/i, DriverCode.DEVICE_LOST],
  [/reset type (is )?not supported/i, DriverCode.RESET_TYPE_NOT_SUPPORTED],
  [/requires? (a )?reset|reset required/i, DriverCode.RESET_REQUIRED],
  [/in use|being used|resource busy/i, DriverCode.IN_USE],
  [/permission/i, DriverCode.NO_PERMISSION],
  [/not supported|^\[?N\/A\]?$/i, DriverCode.NOT_SUPPORTED],
  [/no devices were found|not found|no such device/i, DriverCode.NOT_FOUND],
  [/invalid state|(is not|must be) draining/i, DriverCode.INVALID_STATE],
  [/invalid (argument|combination)|not a valid|out of range/i, DriverCode.INVALID_ARGUMENT],
  [/timed? ?out/i, DriverCode.TIMEOUT],
  [/operating system has blocked/i, DriverCode.OS_BLOCKED],
  [/not in ready state|not ready/i, DriverCode.NOT_READY],
  [/uninitialized/i, DriverCode.UNINITIALIZED],
  [/no data/i, DriverCode.NO_DATA],
  [/error|fail|unable|terminat/i, DriverCode.UNKNOWN],
];

/** The code of which a text speaks; null when it speaks of no failure. */
export function codeOfText(text: string): DriverCode | null {
  return SIGNS.find(([sign]) => sign.test(text))?.[1] ?? null;
}
