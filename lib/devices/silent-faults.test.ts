import { expect, test } from 'vitest';
import { SILENT_FAULTS, silentFaultsAfter } from './silent-faults.ts';
import { FAULT_TRAITS } from './simulator/faults.ts';
import { at } from './testing.ts';

const T0 = at('2026-11-21T06:00:00Z');
const done = (kind: string, serverId = 'nod_1', uuid = 'GPU-1') => ({ kind, serverId, uuid, at: T0 });
const open = (...requests: ReturnType<typeof done>[]) =>
  silentFaultsAfter(requests).map(({ kind, uuid }) => `${kind} ${uuid}`);

test('what is silent, and what mends it, is what the simulator says', () => {
  const silent = Object.entries(FAULT_TRAITS).flatMap(([kind, { isSilent, remedies }]) =>
    isSilent ? [[kind, remedies]] : [],
  );
  expect(Object.fromEntries(silent)).toEqual(SILENT_FAULTS);
});

test('a silent fault stays open until the repair that mends it comes to its server', () => {
  expect(open(done('stale_initramfs'), done('os_reboot'), done('driver_reinstall', 'nod_2'))).toEqual([
    'stale_initramfs GPU-1',
  ]);
  expect(open(done('stale_initramfs'), done('driver_reinstall'))).toEqual([]);
  expect(open(done('driver_reinstall'), done('stale_initramfs'), done('stale_initramfs'))).toEqual([
    'stale_initramfs GPU-1',
  ]);
  expect(open(done('sdc'), done('silent_slow', 'nod_1', 'GPU-2'), done('cold_reboot'))).toEqual([]);
});
