import { describe, expect, test } from 'vitest';
import { assessHealth, type CardObservation, CORRECTABLE_STORM_COUNT, type HeardXid, isUp } from './health.ts';
import { at } from './testing.ts';
import { DriverCode, type RecoveryAction } from './types.ts';

const READ_AT = at('2026-11-21T06:00:00Z');

function read<T>(value: T): { ok: true; value: T; at: typeof READ_AT } {
  return { ok: true, value, at: READ_AT };
}

function fail(code: DriverCode): { ok: false; code: DriverCode } {
  return { ok: false, code };
}

function card(changes: Partial<CardObservation> = {}): CardObservation {
  return {
    arch: 'ppu001',
    presence: 'present',
    recovery: read<RecoveryAction>('none'),
    throttleBits: read(0),
    memUsableBytes: read(1_000),
    eccCorVol: read(0),
    links: { ok: true, value: { down: 0, reducedWidth: 0 } },
    fabric: fail(DriverCode.NOT_SUPPORTED),
    soldMemoryBytes: 900,
    xids: [],
    failedReads: 0,
    ...changes,
  };
}

const NOT_LISTED = {
  recovery: fail(DriverCode.NOT_FOUND),
  throttleBits: fail(DriverCode.NOT_FOUND),
  memUsableBytes: fail(DriverCode.NOT_FOUND),
  eccCorVol: fail(DriverCode.NOT_FOUND),
  links: fail(DriverCode.NOT_FOUND),
} as const satisfies Partial<CardObservation>;
const DRIVERLESS = { recovery: fail(DriverCode.DRIVER_NOT_LOADED) } as const satisfies Partial<CardObservation>;

const xid = (code: number, text: string, isFresh = false): HeardXid => ({ code, at: at(text), isFresh });

describe('one observation has one verdict', () => {
  test.each<[string, Partial<CardObservation>, string]>([
    ['nothing wrong', {}, 'healthy/none/none'],
    ['driver not loaded', { recovery: fail(DriverCode.DRIVER_NOT_LOADED) }, 'unknown/driver_not_loaded/none'],
    ['library and driver differ', { links: fail(DriverCode.LIB_RM_MISMATCH) }, 'unknown/driver_mismatch/none'],
    ['drained by ops', { presence: 'draining', ...NOT_LISTED }, 'healthy/drained/none'],
    ['drained, and its driver away', { presence: 'draining', ...DRIVERLESS }, 'unknown/driver_not_loaded/none'],
    [
      'drained, and lost as an event says',
      { presence: 'draining', ...NOT_LISTED, xids: [xid(16257, '2026-11-21T06:00:00Z', true)] },
      'unhealthy/device_lost/cold_reboot',
    ],
    [
      'drained, and in need of a reset as far as its driver still tells',
      { presence: 'draining', recovery: read('drain_and_reset') },
      'unhealthy/drain_and_reset_required/drain_and_reset',
    ],
    ['drained, and too hot', { presence: 'draining', throttleBits: read(0x20) }, 'degraded/thermal_throttle/none'],
    [
      'drained, after a page was retired',
      { presence: 'draining', ...NOT_LISTED, xids: [xid(4997, '2026-11-21T05:00:00Z')] },
      'healthy/page_retired/none',
    ],
    ['drained, and silent', { presence: 'draining', failedReads: 2 }, 'unknown/reads_failing/none'],
    ['on the bus, unknown to the driver', NOT_LISTED, 'unknown/driver_not_bound/none'],
    ['nowhere to be seen', { presence: null, ...NOT_LISTED }, 'unknown/driver_not_bound/none'],
    ['one reading not found', { links: fail(DriverCode.NOT_FOUND) }, 'healthy/none/none'],
    ['removed from the bus', { presence: 'removed' }, 'unknown/removed/none'],
    ['lost on the bus', { presence: 'lost' }, 'unhealthy/device_lost/cold_reboot'],
    ['a reading says lost', { throttleBits: fail(DriverCode.DEVICE_LOST) }, 'unhealthy/device_lost/cold_reboot'],
    [
      'a reading asks for a reset',
      { eccCorVol: fail(DriverCode.RESET_REQUIRED) },
      'unhealthy/reset_required/device_reset',
    ],
    ['action cold reboot', { recovery: read('cold_reboot') }, 'unhealthy/cold_reboot_required/cold_reboot'],
    ['action node reboot', { recovery: read('node_reboot') }, 'unhealthy/node_reboot_required/node_reboot'],
    ['action reset', { recovery: read('device_reset') }, 'unhealthy/reset_required/device_reset'],
    [
      'action drain, reset',
      { recovery: read('drain_and_reset') },
      'unhealthy/drain_and_reset_required/drain_and_reset',
    ],
    ['action drain p2p', { recovery: read('drain_p2p') }, 'degraded/p2p_drain_required/drain_p2p'],
    ['a link down', { links: { ok: true, value: { down: 1, reducedWidth: 0 } } }, 'degraded/icn_link_down/node_reboot'],
    ['half a link', { links: { ok: true, value: { down: 0, reducedWidth: 1 } } }, 'degraded/icn_reduced_width/none'],
    ['software heat limit', { throttleBits: read(0x20) }, 'degraded/thermal_throttle/none'],
    ['hardware heat limit', { throttleBits: read(0x41) }, 'degraded/thermal_throttle/none'],
    ['power brake', { throttleBits: read(0x80) }, 'degraded/power_brake/none'],
    ['idle, capped and synced clocks', { throttleBits: read(0x01 | 0x02 | 0x04 | 0x10) }, 'healthy/none/none'],
    [
      'a storm of correctable errors',
      { eccCorVol: read(CORRECTABLE_STORM_COUNT + 1) },
      'degraded/correctable_ecc_storm/drain_and_reset',
    ],
    ['less memory than sold', { memUsableBytes: read(899) }, 'degraded/memory_below_sold/none'],
    ['less memory, but not below what is sold', { memUsableBytes: read(900) }, 'healthy/none/none'],
    ['a field that the tool lacks', { memUsableBytes: fail(DriverCode.NOT_SUPPORTED) }, 'healthy/none/none'],
    ['an application XID', { xids: [xid(1666, '2026-11-21T06:00:00Z', true)] }, 'healthy/none/none'],
    ['an unknown XID', { xids: [xid(79, '2026-11-21T06:00:00Z', true)] }, 'healthy/none/none'],
    ['one silent round', { failedReads: 1 }, 'healthy/none/none'],
    ['two silent rounds', { failedReads: 2, recovery: fail(DriverCode.TIMEOUT) }, 'unknown/reads_failing/none'],
  ])('%s', (_name, changes, expected) => {
    const { health, reason, recovery } = assessHealth(card(changes), false);
    expect(`${health}/${reason}/${recovery}`).toBe(expected);
  });

  test('only healthy and degraded cards are up; of them only the drained take no new work', () => {
    expect(isUp(assessHealth(card({ presence: 'draining' }), false))).toBe(true);
    expect(assessHealth(card({ presence: 'draining' }), false).takesNewWork).toBe(false);
    expect(assessHealth(card({ presence: 'draining', throttleBits: read(0x20) }), false).takesNewWork).toBe(false);
    expect(assessHealth(card({ throttleBits: read(0x20) }), false).takesNewWork).toBe(true);
    expect(isUp(assessHealth(card({ recovery: read('device_reset') }), false))).toBe(false);
  });
});

describe('a reboot that one card asks for', () => {
  test('keeps new work from its healthy neighbours and says why', () => {
    expect(assessHealth(card(), true)).toEqual({
      health: 'healthy',
      takesNewWork: false,
      reason: 'server_reboot_pending',
      recovery: 'none',
    });
  });

  test('does not hide what is wrong with a neighbour itself', () => {
    const verdict = assessHealth(card({ throttleBits: read(0x20) }), true);
    expect(verdict).toMatchObject({ health: 'degraded', takesNewWork: false, reason: 'thermal_throttle' });
  });
});

describe('an XID', () => {
  test.each([
    [16257, 'device_lost'],
    [16256, 'reset_required'],
    [4480, 'node_reboot_required'],
  ])('%i counts until the driver has been read after it', (code, reason) => {
    expect(assessHealth(card({ xids: [xid(code, '2026-11-21T06:00:00Z', true)] }), false).reason).toBe(reason);
    expect(assessHealth(card({ xids: [xid(code, '2026-11-21T06:00:00Z')] }), false).reason).toBe('none');
  });

  test.each([4996, 5004])('%i is a storm until the counter has been read after it', (code) => {
    expect(assessHealth(card({ xids: [xid(code, '2026-11-21T06:00:00Z', true)] }), false).reason).toBe(
      'correctable_ecc_storm',
    );
    expect(assessHealth(card({ xids: [xid(code, '2026-11-21T06:00:00Z')] }), false).reason).toBe('none');
  });

  test('counts for ever where the driver has no recovery action to read', () => {
    const old = card({ recovery: fail(DriverCode.NOT_SUPPORTED), xids: [xid(16257, '2026-11-20T06:00:00Z')] });
    expect(assessHealth(old, false).reason).toBe('device_lost');
  });
});

describe('uncorrectable memory errors', () => {
  test('one leaves the card healthy, with less memory', () => {
    const verdict = assessHealth(card({ xids: [xid(4997, '2026-11-21T05:00:00Z')] }), false);
    expect(verdict).toMatchObject({ health: 'healthy', takesNewWork: true, reason: 'page_retired' });
  });

  test('several XIDs within five seconds are one fault', () => {
    const xids = [xid(4997, '2026-11-21T05:00:00Z'), xid(642, '2026-11-21T05:00:05Z')];
    expect(assessHealth(card({ xids }), false).reason).toBe('page_retired');
  });

  test('a second within 24 hours asks for a reset, one later does not', () => {
    const second = xid(5005, '2026-11-21T05:00:00Z');
    const within = card({ xids: [xid(4997, '2026-11-20T05:00:00Z'), second] });
    const later = card({ xids: [xid(4997, '2026-11-20T04:59:59Z'), second] });
    expect(assessHealth(within, false)).toMatchObject({ health: 'unhealthy', recovery: 'device_reset' });
    expect(assessHealth(later, false).reason).toBe('page_retired');
  });
});
