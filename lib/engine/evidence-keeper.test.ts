import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { EvidenceKeeper, type Held } from './evidence-keeper.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (seconds: number): Instant => plusSeconds(T0, seconds);
const NONE: ReadonlyMap<string, Instant> = new Map();

function setup(): { keeper: EvidenceKeeper; held: Held } {
  const held = {
    allocationId: 'alc_a',
    reservationId: 'rsv_a' as Id<'reservation'>,
    organisationId: 'org_a',
    cardId: 'crd_a',
    uuid: 'GPU-a',
    startAt: T0,
    grantedAt: T0,
  };
  const keeper = new EvidenceKeeper();
  keeper.hold(held, null);
  return { keeper, held };
}
const proven = (from: number, to: number) => () => ({ startAt: at(from), endAt: at(to) });
const unproven = () => null;
const noEnd = () => null;

describe('evidence follows proof', () => {
  test('opens with the grant, goes on while proven, writes nothing in between', () => {
    const { keeper } = setup();
    expect(keeper.follow(proven(-500, 0), NONE, noEnd)).toMatchObject({
      open: [{ allocationId: 'alc_a', startAt: T0 }],
      close: [],
    });
    const unasked = (): never => {
      throw new Error('what goes on is not asked for its end, card by card, every turn');
    };
    expect(keeper.follow(proven(-500, 3_000), NONE, unasked)).toEqual({ open: [], close: [], late: [] });
    expect(keeper.release([{ allocationId: 'alc_a', endAt: at(3_000) }])).toEqual([
      { allocationId: 'alc_a', endAt: at(3_000) },
    ]);
  });

  test('ends at the instant of the bad news, not when it was noticed', () => {
    const { keeper } = setup();
    keeper.follow(proven(0, 0), NONE, noEnd);
    const { close } = keeper.follow(unproven, new Map([['GPU-a', instant(at(1_391) + 700)]]), noEnd);
    expect(close).toEqual([{ allocationId: 'alc_a', endAt: at(1_391) }]);
    expect(keeper.follow(unproven, NONE, noEnd)).toEqual({ open: [], close: [], late: [] });
    expect(keeper.release([{ allocationId: 'alc_a', endAt: at(2_000) }])).toEqual([]);
  });

  test('news that is older than the last proof takes back what was proven since, never before the allocation', () => {
    const lost = (seconds: number) => {
      const { keeper } = setup();
      keeper.follow(proven(0, 0), NONE, noEnd);
      keeper.follow(proven(0, 5_000), NONE, noEnd);
      return keeper.follow(unproven, new Map([['GPU-a', instant(at(seconds) + 700)]]), noEnd);
    };
    const of = { allocationId: 'alc_a', organisationId: 'org_a', isProven: false };
    expect(lost(1_391)).toEqual({
      open: [],
      close: [{ allocationId: 'alc_a', endAt: at(5_000) }],
      late: [{ ...of, startAt: at(1_391), endAt: at(5_000) }],
    });
    expect(lost(-60).late).toEqual([{ ...of, startAt: T0, endAt: at(5_000) }]);
    expect(lost(5_000).late).toEqual([]);
  });

  test('opens again where proof begins again, never over what was closed', () => {
    const { keeper } = setup();
    keeper.follow(proven(0, 100), NONE, noEnd);
    keeper.follow(unproven, new Map([['GPU-a', at(150)]]), noEnd);
    expect(keeper.follow(proven(140, 300), NONE, noEnd).open).toMatchObject([{ startAt: at(150) }]);
  });

  test('a card that is not proven yet has no evidence', () => {
    const { keeper } = setup();
    expect(keeper.follow(unproven, NONE, noEnd)).toEqual({ open: [], close: [], late: [] });
    expect(keeper.follow(proven(60, 60), NONE, noEnd).open).toMatchObject([{ startAt: at(60) }]);
  });
});

describe('after a restart', () => {
  test('open evidence goes on over a short gap', () => {
    const { held } = setup();
    const keeper = new EvidenceKeeper();
    keeper.hold(held, at(1_000));
    expect(keeper.follow(proven(1_060, 1_060), NONE, noEnd)).toEqual({ open: [], close: [], late: [] });
  });

  test('a long gap is cut out', () => {
    const { held } = setup();
    const keeper = new EvidenceKeeper();
    keeper.hold(held, at(1_000));
    expect(keeper.follow(proven(1_200, 1_200), NONE, noEnd)).toMatchObject({
      close: [{ endAt: at(1_000) }],
      open: [{ startAt: at(1_200) }],
    });
  });

  test('proof that begins again after the end of an allocation is evidence of nothing, until the end is moved', () => {
    const { held } = setup();
    const keeper = new EvidenceKeeper();
    keeper.hold(held, at(1_000));
    const ended = keeper.follow(proven(5_000, 5_000), NONE, () => at(2_000));
    expect(ended).toEqual({ open: [], close: [{ allocationId: 'alc_a', endAt: at(1_000) }], late: [] });
    expect(keeper.follow(proven(5_000, 5_001), NONE, () => at(5_000)).open).toEqual([]);
    expect(keeper.follow(proven(5_000, 5_002), NONE, () => at(9_000)).open).toMatchObject([{ startAt: at(5_000) }]);
  });
});

test('a copy is independent, so that a failed write can be taken back', () => {
  const { keeper } = setup();
  const before = keeper.copy();
  keeper.follow(proven(0, 0), NONE, noEnd);
  expect(before.follow(proven(0, 0), NONE, noEnd).open).toHaveLength(1);
});
