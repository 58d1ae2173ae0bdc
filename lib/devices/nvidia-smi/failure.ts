import type { ToolResult } from '../tool/command.ts';
import { DriverCode } from '../types.ts';

/** What the tool says when it fails, with the code that it stands for; the first that applies counts. */
const SENTENCES: readonly (readonly [RegExp, DriverCode])[] = [
  [/couldn't communicate with the NVIDIA driver|driver is not loaded/i, DriverCode.DRIVER_NOT_LOADED],
  [/driver\/library version mismatch/i, DriverCode.LIB_RM_MISMATCH],
  [/GPU is lost|fallen off the bus/i, DriverCode.DEVICE_LOST],
  [/in use by another|currently being used by/i, DriverCode.IN_USE],
  [/requires reset|reset required/i, DriverCode.RESET_REQUIRED],
  [/insufficient permissions|requires? root|do(es)? not have permission/i, DriverCode.NO_PERMISSION],
  [/no devices were found/i, DriverCode.NOT_FOUND],
  [/not a valid|invalid argument|invalid combination|invalid option/i, DriverCode.INVALID_ARGUMENT],
  [/not supported/i, DriverCode.NOT_SUPPORTED],
  [/timed? ?out/i, DriverCode.TIMEOUT],
];

/** The exit statuses that the manual page of the tool lists. */
const STATUSES: ReadonlyMap<number, DriverCode> = new Map([
  [2, DriverCode.INVALID_ARGUMENT],
  [3, DriverCode.NOT_SUPPORTED],
  [4, DriverCode.NO_PERMISSION],
  [6, DriverCode.NOT_FOUND],
  [9, DriverCode.DRIVER_NOT_LOADED],
  [15, DriverCode.DEVICE_LOST],
]);

/** The code of which a text speaks; null when it speaks of no failure that we know. */
export function codeOfText(text: string): DriverCode | null {
  return SENTENCES.find(([sentence]) => sentence.test(text))?.[1] ?? null;
}

/** The code of a failed run, by what it says and then by its status; null when it succeeded. */
export function failureOf({ exitCode, stdout, stderr }: ToolResult): DriverCode | null {
  if (exitCode === 0) return null;
  return codeOfText(`${stdout}\n${stderr}`) ?? STATUSES.get(exitCode) ?? DriverCode.UNKNOWN;
}
