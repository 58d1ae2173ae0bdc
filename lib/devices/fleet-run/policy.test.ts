import { describe, expect, test } from 'vitest';
import type { HealthReason, HealthVerdict } from '../health.ts';
import type { RecoveryAction } from '../types.ts';
import { chooseRepair, planOf, type Repair, wishOf } from './policy.ts';

function verdict(reason: HealthReason, recovery: RecoveryAction = 'none'): HealthVerdict {
  return { health: 'unhealthy', takesNewWork: false, reason, recovery };
}

describe('a verdict asks for', () => {
  test.each<[HealthReason, RecoveryAction, Repair | null]>([
    ['device_lost', 'cold_reboot', 'cold_reboot'],
    ['node_reboot_required', 'node_reboot', 'os_reboot'],
    ['reset_required', 'device_reset', 'reset'],
    ['drain_and_reset_required', 'drain_and_reset', 'reset'],
    ['driver_not_loaded', 'none', 'driver_restart'],
    ['driver_mismatch', 'none', 'driver_restart'],
    ['driver_not_bound', 'none', 'os_reboot'],
    ['icn_reduced_width', 'none', 'os_reboot'],
    ['thermal_throttle', 'none', null],
    ['server_reboot_pending', 'none', null],
    ['none', 'none', null],
  ])('%s with %s: %s', (reason, recovery, repair) => {
    expect(wishOf(verdict(reason, recovery))?.repair ?? null).toBe(repair);
  });
});

describe('of several wishes', () => {
  const wish = (reason: HealthReason, recovery: RecoveryAction) => wishOf(verdict(reason, recovery)) ?? expect.fail();
  const lost = wish('device_lost', 'cold_reboot');
  const linkDown = wish('icn_link_down', 'node_reboot');
  const blocked = wish('reset_required', 'device_reset');
  const narrow = wish('icn_reduced_width', 'none');

  test('the most drastic counts, whichever came first', () => {
    expect(planOf([linkDown, lost, blocked])).toBe(lost);
    expect(planOf([blocked, linkDown])).toBe(linkDown);
    expect(planOf([])).toBeNull();
  });

  test('what can wait for the night counts only alone', () => {
    expect(planOf([narrow, blocked])).toBe(blocked);
    expect(planOf([narrow])).toBe(narrow);
    expect(narrow.startAfterMs).toBeGreaterThan(lost.startAfterMs);
  });
});

describe('a repair', () => {
  test.each<[Repair, Repair[], Repair | null]>([
    ['reset', [], 'reset'],
    ['reset', ['reset'], 'driver_restart'],
    ['reset', ['reset', 'driver_restart', 'driver_reinstall', 'os_reboot'], 'cold_reboot'],
    ['cold_reboot', ['cold_reboot'], null],
    ['cold_reboot', ['reset'], 'cold_reboot'],
    ['driver_restart', [], 'driver_restart'],
    ['driver_restart', ['os_reboot'], 'driver_reinstall'],
    ['driver_restart', ['cold_reboot', 'driver_reinstall'], 'os_reboot'],
  ])('%s after %j is %s', (planned, tried, chosen) => {
    expect(chooseRepair(planned, tried)).toBe(chosen);
  });
});
