import { describe, expect, test } from 'vitest';
import { DAY_MS, instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { PROBATION_SECONDS } from './debounce.ts';
import { type CaseState, resolvesAt, settled, type Sighting, sight, unseen } from './fault-case.ts';

const T0 = instant(Date.UTC(2026, 10, 2, 1));
const at = (seconds: number) => plusSeconds(T0, seconds);

const lost: Sighting = {
  cause: 'lost',
  joins: [],
  isServerWide: false,
  kind: 'device_lost',
  xid: 16_257,
  severity: 'fatal',
  action: 'cold_reboot',
  isNews: true,
};
const open = (): CaseState => sight(null, lost, at(0)).state;
const wellFrom = (seconds: number): CaseState => unseen(open(), 'allOver', at(seconds));
const slow: Sighting = {
  ...lost,
  cause: 'link',
  kind: 'icn_reduced_width',
  xid: null,
  severity: 'warning',
  isNews: false,
};
const accepted = (seconds: number): CaseState => ({
  ...sight(null, slow, at(0)).state,
  resolvedAt: at(seconds),
  isAccepted: true,
});

describe('a trouble that is seen', () => {
  test('opens a case', () => {
    expect(sight(null, lost, at(0))).toEqual({
      step: 'opened',
      state: {
        kind: 'device_lost',
        xid: 16_257,
        severity: 'fatal',
        action: 'cold_reboot',
        count: 1,
        reopened: 0,
        firstSeenAt: at(0),
        lastSeenAt: at(0),
        wellSince: null,
        resolvedAt: null,
        isAccepted: false,
      },
    });
  });

  test('again is counted on the same case', () => {
    const again = sight(open(), lost, at(5));
    expect(again).toMatchObject({ step: 'counted', state: { count: 2, firstSeenAt: at(0), lastSeenAt: at(5) } });
  });

  test('that is merely read again counts nothing', () => {
    expect(sight(open(), { ...lost, isNews: false }, at(5)).state.count).toBe(1);
  });

  test('with another face changes the case, and keeps the XID that is known', () => {
    const worse = { ...lost, kind: 'cold_reboot_required', xid: null };
    expect(sight(open(), worse, at(5))).toMatchObject({
      step: 'changed',
      state: { kind: 'cold_reboot_required', xid: 16_257, count: 2 },
    });
  });
});

describe('a trouble that is over', () => {
  test('resolves by itself when it has stayed away', () => {
    expect(resolvesAt(wellFrom(10))).toEqual(at(10 + PROBATION_SECONDS));
    expect(settled(wellFrom(10), at(9 + PROBATION_SECONDS)).resolvedAt).toBeNull();
    expect(settled(wellFrom(10), at(500)).resolvedAt).toEqual(at(10 + PROBATION_SECONDS));
  });

  test('comes back before that: it was never over', () => {
    const back = sight(wellFrom(10), lost, at(9 + PROBATION_SECONDS));
    expect(back).toMatchObject({ step: 'counted', state: { wellSince: null, resolvedAt: null, reopened: 0 } });
  });

  test('comes back within a day: the same case, also when nobody looked in between', () => {
    expect(sight(wellFrom(10), lost, at(3_600))).toMatchObject({
      step: 'reopened',
      state: { firstSeenAt: at(0), reopened: 1, count: 2, resolvedAt: null },
    });
  });

  test('comes back later: another case', () => {
    const resolved = settled(wellFrom(10), at(500));
    const end = plusMs(at(10 + PROBATION_SECONDS), DAY_MS);
    expect(sight(resolved, lost, end).step).toBe('reopened');
    expect(sight(resolved, lost, plusMs(end, 1)).step).toBe('opened');
  });

  test('is over from the first proof of it, not the last', () => {
    expect(unseen(wellFrom(10), 'allOver', at(20)).wellSince).toEqual(at(10));
  });

  test('a card that is up again proves over what is fatal, not what it merely hides', () => {
    expect(unseen(open(), 'fatalOver', at(10)).wellSince).toEqual(at(10));
    expect(unseen({ ...open(), severity: 'warning' }, 'fatalOver', at(10)).wellSince).toBeNull();
    expect(unseen(open(), 'nothing', at(10)).wellSince).toBeNull();
  });
});

describe('what a person accepted', () => {
  test('stays resolved when it is merely read again', () => {
    expect(sight(accepted(10), slow, at(20)).step).toBe('ignored');
  });

  test('goes on when the device tells it again, or shows another face', () => {
    expect(sight(accepted(10), { ...slow, isNews: true }, at(20)).step).toBe('reopened');
    expect(sight(accepted(10), { ...slow, kind: 'icn_link_down' }, at(20)).step).toBe('reopened');
  });

  test('goes on when it had gone meanwhile, or stops the card', () => {
    const gone = unseen(accepted(10), 'allOver', at(15));
    expect(sight(gone, slow, at(20)).step).toBe('reopened');
    expect(sight(accepted(10), { ...slow, severity: 'fatal' }, at(20)).step).toBe('reopened');
  });
});
