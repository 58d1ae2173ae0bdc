import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { organisationsIn } from './batch.ts';
import { booking, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';
import { bookedOf, eventsTo, refusalOf, submit } from './testing-decisions.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const CAP = '100000000000';
const DAY = 86_400;

describe('the end of a running reservation is announced', () => {
  test('a day, an hour and ten minutes before, each once', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 2 * DAY }));
    expect(eventsTo(mind, hoursAfter(48)).map(({ what }) => what)).toEqual([
      'endsSoon +86400',
      'endsSoon +169200',
      'endsSoon +172200',
      'ended +172800',
    ]);
  });

  test('never at its start, and never before it', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { startAt: hoursAfter(1), durationSeconds: 3_600 }));
    expect(eventsTo(mind, hoursAfter(2)).map(({ what }) => what)).toEqual([
      'cardsBound +1800',
      'started +3600',
      'endsSoon +6600',
      'ended +7200',
    ]);
  });

  test('again for a new end, and not for leads that are past by then', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 7_200 }));
    expect(eventsTo(mind, plusSeconds(T0, 3_600)).map(({ what }) => what)).toEqual(['endsSoon +3600']);
    const more = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: '1000000000' } as const;
    submit(mind, more, plusSeconds(T0, 3_700));
    expect(eventsTo(mind, hoursAfter(3)).map(({ what }) => what)).toEqual([
      'endsSoon +7200',
      'endsSoon +10200',
      'ended +10800',
    ]);
  });

  test('an end that comes for lack of money is not announced with leads of the past', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: null }));
    const seen = eventsTo(mind, hoursAfter(2), new Map());
    expect(seen.map(({ what }) => what)).toEqual(['endingForFunds +3300', 'ended +3600']);
  });
});

describe('an extension that others block is told a day ahead', () => {
  test('with how far it goes, where else as many cards are free, and how many', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 16, topology: 'whole-servers', durationSeconds: 2 * DAY }));
    submit(mind, booking('rsv_b', { cards: 32, startAt: hoursAfter(52), durationSeconds: 6 * 3_600 }), T0, OTHER);
    const blocked = eventsTo(mind, hoursAfter(24)).find(({ what }) => what.startsWith('extensionBlockedAhead'));
    expect(blocked).toEqual({
      what: 'extensionBlockedAhead +86400',
      data: { endAt: hoursAfter(48), untilAt: hoursAfter(52), followOnAt: hoursAfter(58), freeCards: 0 },
    });
    const extend = (hours: number) =>
      refusalOf(
        submit(mind, {
          kind: 'extend',
          reservationId: 'rsv_a',
          seconds: hours * 3_600,
          quotedUnits: `${BigInt(hours) * 160n * 100_000_000n}`,
        }),
      );
    expect(extend(5)).toBe('extensionBlocked');
    expect(extend(4)).toBeUndefined();
  });

  test('not when the promises in the way can move', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 16, durationSeconds: 2 * DAY }));
    submit(mind, booking('rsv_b', { cards: 16, startAt: hoursAfter(52) }), T0, OTHER);
    expect(eventsTo(mind, hoursAfter(48)).map(({ what }) => what)).not.toContain('extensionBlockedAhead +86400');
  });

  test('by the card for one more term, all or nothing', () => {
    const mind = smallPool(1);
    const term = { skuId: 'sku_card', priceVersionId: 'prv_card', term: 'day', durationSeconds: null } as const;
    submit(mind, booking('rsv_a', { cards: 16, ...term }));
    submit(mind, booking('rsv_b', { cards: 1, startAt: hoursAfter(30) }), T0, OTHER);
    const blocked = eventsTo(mind, hoursAfter(23)).find(({ what }) => what.startsWith('extensionBlockedAhead'));
    expect(blocked?.data).toMatchObject({ untilAt: hoursAfter(24), followOnAt: hoursAfter(31), freeCards: 15 });
  });
});

describe('a reservation extends itself', () => {
  const setRule = (rule: Partial<{ stepSeconds: number; priceE10Max: string; untilAt: number | null }> | null) =>
    ({
      kind: 'setAutoExtend',
      reservationId: 'rsv_a',
      rule: rule && { stepSeconds: 3_600, priceE10Max: CAP, untilAt: null, ...rule },
    }) as const;

  test('half an hour before its end, step by step, at the price it was booked at, up to its last end', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 2, durationSeconds: 7_200 }));
    expect(refusalOf(submit(mind, setRule({ untilAt: hoursAfter(4) })))).toBeUndefined();
    const seen = eventsTo(mind, hoursAfter(5));
    expect(seen.map(({ what }) => what)).toEqual([
      'autoExtended +5400',
      'autoExtended +9000',
      'autoExtendFailed +12600',
      'endsSoon +13800',
      'ended +14400',
    ]);
    expect(seen[0]?.data).toEqual({ endAt: hoursAfter(3), amountUnits: '2000000000' });
    expect(seen[2]?.data).toEqual({ reason: 'lastEndTooEarly', endAt: hoursAfter(4) });
  });

  test('not when switched off, and never before it runs', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 7_200 }));
    submit(mind, setRule({}));
    submit(mind, setRule(null));
    expect(eventsTo(mind, hoursAfter(3)).map(({ what }) => what)).not.toContain('autoExtended +5400');
  });

  test('without money it says so once, tries again to the end, and goes on when there is some', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 7_200 }));
    submit(mind, setRule({}));
    const poor = new Map([[ORG, units(1n)]]);
    expect(eventsTo(mind, plusSeconds(T0, 6_300), poor).map(({ what, data }) => [what, data['reason']])).toEqual([
      ['autoExtendFailed +5400', 'fundsInsufficient'],
    ]);
    expect(eventsTo(mind, plusSeconds(T0, 6_600), RICH).map(({ what }) => what)).toEqual(['autoExtended +6600']);
    expect(bookedOf(mind, 'rsv_a')?.autoExtend?.failure).toBeNull();
  });

  test('what is blocked ends in time, with the reason told', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, durationSeconds: 7_200 }));
    submit(mind, booking('rsv_b', { cards: 1, startAt: hoursAfter(2), durationSeconds: 7_200 }), T0, OTHER);
    submit(mind, setRule({}));
    const seen = eventsTo(mind, hoursAfter(2));
    expect(seen.find(({ what }) => what === 'autoExtendFailed +5400')?.data['reason']).toBe('extensionBlocked');
    expect(seen.map(({ what }) => what).filter((what) => what.startsWith('autoExtendFailed'))).toHaveLength(1);
    expect(seen.map(({ what }) => what)).toContain('ended +7200');
  });

  test('a rule that could not make its first step is refused, in the order of the contract', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 7_200 }));
    const refused = (rule: Parameters<typeof setRule>[0], org = ORG) => refusalOf(submit(mind, setRule(rule), T0, org));
    expect(refused({}, OTHER)).toBe('reservationUnknown');
    expect(refused({ stepSeconds: 1_800, priceE10Max: '1', untilAt: T0 })).toBe('durationOutOfRange');
    expect(refused({ stepSeconds: 0 })).toBe('durationOutOfRange');
    expect(refused({ stepSeconds: 91 * DAY })).toBe('durationOutOfRange');
    expect(refused({ priceE10Max: '99999999999', untilAt: T0 })).toBe('priceAboveCap');
    expect(refused({ untilAt: hoursAfter(2.5) })).toBe('lastEndTooEarly');
    expect(bookedOf(mind, 'rsv_a')?.autoExtend).toBeNull();
  });

  test('its wallet is locked before its time comes', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { durationSeconds: 7_200 }));
    expect(organisationsIn(mind, [], plusSeconds(T0, 5_400))).toEqual([]);
    submit(mind, setRule({}));
    expect(organisationsIn(mind, [], plusSeconds(T0, 5_400))).toEqual([ORG]);
  });
});
