import { describe, expect, test } from 'vitest';
import { DriverCode } from '../types.ts';
import { codeOfText, errorTextOf } from './error-text.ts';

describe('what a tool says of a failure', () => {
  test.each(Object.entries(DriverCode).filter(([, code]) => code !== DriverCode.ARG_VERSION_MISMATCH))(
    'the words of %s lead back to it',
    (_, code) => expect(codeOfText(errorTextOf(code))).toBe(code),
  );

  test.each([
    ['init HGML error: driver is not loaded', DriverCode.DRIVER_NOT_LOADED],
    ['init HGML error: driver/library version mismatch', DriverCode.LIB_RM_MISMATCH],
    ['Unable to determine the device handle for PPU0000:A8:00.0: PPU is lost.', DriverCode.DEVICE_LOST],
    ['[GPU requires reset]', DriverCode.RESET_REQUIRED],
    ["Unable to reset this PPU because it's being used by some other process.", DriverCode.IN_USE],
    ['No devices were found', DriverCode.NOT_FOUND],
    ['something went wrong: error 77', DriverCode.UNKNOWN],
    ['All done.', null],
    ['Power limit for PPU 00000000:A8:00.0 was set to 300.00 W from 400.00 W.', null],
  ])('%j', (text, code) => expect(codeOfText(text)).toBe(code));
});
