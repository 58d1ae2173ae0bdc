import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { type Units, UNITS_PER_YUAN, units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Mind } from './mind.ts';
import { committedSince } from './mind-building.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';
import { bookedOf, eventsTo, refusalOf, submit } from './testing-decisions.ts';

const PROJECT = 'prj_a' as Id<'project'>;
const MONTH = monthOf(T0);
const yuan = (count: number): Units => units(BigInt(count) * UNITS_PER_YUAN);
const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);

function setProject(mind: Mind, bounds: Partial<ProjectLimits> = {}): void {
  const project = { organisationId: ORG, cardQuota: null, monthlySpendingLimitUnits: null, isClosed: false };
  mind.book.projects.set(PROJECT, { id: PROJECT, ...project, ...bounds });
}

/** Four servers of 16 cards at 10 yuan an hour, and a project of ORG. */
function setup(bounds: Partial<ProjectLimits> = {}): Mind {
  const mind = smallPool(4);
  setProject(mind, bounds);
  return mind;
}

const inProject = (id: string, wish: Parameters<typeof booking>[1] = {}) =>
  booking(id, { projectId: PROJECT, ...wish });

describe('a booking in a project', () => {
  test('belongs to it, and what it sets aside counts for both', () => {
    const mind = setup();
    submit(mind, inProject('rsv_a', { cards: 2 }));
    submit(mind, booking('rsv_b'));
    expect(bookedOf(mind, 'rsv_a')?.projectId).toBe(PROJECT);
    expect(bookedOf(mind, 'rsv_b')?.projectId).toBeNull();
    expect(mind.book.committedIn(PROJECT, MONTH)).toBe(yuan(20));
    expect(mind.book.committedIn(ORG, MONTH)).toBe(yuan(30));
  });

  test('undone, it never was', () => {
    const mind = setup();
    const { changes } = submit(setup(), inProject('rsv_a', { cards: 2 }));
    mind.applyAll(changes)();
    expect(mind.book.committedIn(PROJECT, MONTH)).toBe(0n);
    expect([...mind.book.reservationsOf(PROJECT)]).toEqual([]);
    expect(mind.book.mostBookedIn(PROJECT, { startAt: T0, endAt: null })).toBe(0);
  });

  test.each<[string, Partial<ProjectLimits>, string]>([
    ['another organisation’s project', { organisationId: OTHER, isClosed: true }, 'projectUnknown'],
    ['a closed project', { isClosed: true, cardQuota: 1 }, 'projectClosed'],
    ['a quota of cards', { cardQuota: 1, monthlySpendingLimitUnits: yuan(1) }, 'projectQuotaExceeded'],
    ['a monthly limit', { cardQuota: 2, monthlySpendingLimitUnits: yuan(19) }, 'projectLimitExceeded'],
  ])('is refused for %s, by name, before anything of the pool', (_, bounds, code) => {
    const mind = setup(bounds);
    submit(mind, booking('rsv_full', { cards: 64 }));
    expect(refusalOf(submit(mind, inProject('rsv_a', { cards: 2 }), T0, ORG, new Map()))).toBe(code);
    expect(bookedOf(mind, 'rsv_a')).toBeUndefined();
  });

  test('is refused with the project’s numbers first, then with the organisation’s', () => {
    const mind = setup({ cardQuota: 3 });
    mind.book.limits.set(ORG, { cardQuota: 5, monthlySpendingLimitUnits: yuan(1) });
    submit(mind, inProject('rsv_a', { cards: 2 }), T0, ORG);
    mind.book.limits.set(ORG, { cardQuota: 5, monthlySpendingLimitUnits: null });
    submit(mind, inProject('rsv_b', { cards: 2 }));
    expect(submit(mind, inProject('rsv_c', { cards: 2 })).answer).toEqual({
      ok: false,
      refusal: { code: 'projectQuotaExceeded', quota: 3, inUse: 2 },
    });
    submit(mind, booking('rsv_d', { cards: 3 }));
    expect(refusalOf(submit(mind, inProject('rsv_e', { cards: 1 })))).toBe('quotaExceeded');
  });

  test('takes its cards at its own time only', () => {
    const mind = setup({ cardQuota: 4 });
    submit(mind, inProject('rsv_a', { cards: 4 }));
    expect(refusalOf(submit(mind, inProject('rsv_b', { cards: 1 })))).toBe('projectQuotaExceeded');
    expect(refusalOf(submit(mind, inProject('rsv_c', { cards: 4, startAt: hoursAfter(1) })))).toBeUndefined();
  });

  test('goes on when its project is closed: it may be extended, and its hours are held', () => {
    const mind = setup();
    submit(mind, inProject('rsv_a', { durationSeconds: 7_200 }));
    submit(mind, inProject('rsv_open', { durationSeconds: null }));
    setProject(mind, { isClosed: true });
    const more = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: '1000000000' } as const;
    expect(refusalOf(submit(mind, more))).toBeUndefined();
    expect(eventsTo(mind, hoursAfter(1)).map(({ what }) => what)).toContain('holdRenewed +3300');
  });

  test('handed over, it leaves the project', () => {
    const mind = setup();
    submit(mind, inProject('rsv_a', { startAt: hoursAfter(5) }));
    const to = { toOrganisationId: OTHER, fromName: 'A', toSlug: 'b' };
    submit(mind, { kind: 'offerTransfer', reservationId: 'rsv_a', ...to });
    const taken = { reservationId: 'rsv_a', newReservationId: 'rsv_b', quotedUnits: '1000000000' };
    submit(mind, { kind: 'acceptTransfer', ...taken }, T0, OTHER);
    expect(bookedOf(mind, 'rsv_b')).toMatchObject({ organisationId: OTHER, projectId: null });
    expect([...mind.book.reservationsOf(PROJECT)]).toEqual([]);
  });
});

describe('what goes on by itself keeps to the limits of the month', () => {
  test('an extension counts like a booking', () => {
    const mind = setup({ monthlySpendingLimitUnits: yuan(15) });
    submit(mind, inProject('rsv_a'));
    const more = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: '1000000000' } as const;
    expect(refusalOf(submit(mind, more))).toBe('projectLimitExceeded');
  });

  test('a rule to extend says that the limit is in the way, and goes on when it is raised', () => {
    const mind = setup({ monthlySpendingLimitUnits: yuan(15) });
    submit(mind, inProject('rsv_a', { durationSeconds: 7_200, cards: 1, quotedUnits: '99999999999' }));
    expect(bookedOf(mind, 'rsv_a')).toBeUndefined();
    setProject(mind, { monthlySpendingLimitUnits: yuan(20) });
    submit(mind, inProject('rsv_a', { durationSeconds: 7_200 }));
    const rule = { stepSeconds: 3_600, priceE10Max: '100000000000', untilAt: hoursAfter(3) };
    submit(mind, { kind: 'setAutoExtend', reservationId: 'rsv_a', rule });
    const seen = eventsTo(mind, plusSeconds(T0, 5_400));
    expect(seen.at(-1)).toMatchObject({
      what: 'autoExtendFailed +5400',
      data: { reason: 'projectLimitExceeded' },
    });
    setProject(mind, { monthlySpendingLimitUnits: yuan(30) });
    expect(eventsTo(mind, plusSeconds(T0, 5_700)).map(({ what }) => what)).toEqual(['autoExtended +5700']);
  });

  test.each<['project' | 'organisation', string | undefined]>([
    ['project', PROJECT],
    ['organisation', undefined],
  ])(
    'an open end at the limit of its %s ends with the time that is held, told as for lack of money',
    (of, projectId) => {
      const mind = setup(of === 'project' ? { monthlySpendingLimitUnits: yuan(25) } : {});
      const limit = of === 'organisation' ? yuan(25) : null;
      mind.book.limits.set(ORG, { cardQuota: 16, monthlySpendingLimitUnits: limit });
      submit(mind, booking('rsv_a', { durationSeconds: null, ...(projectId === undefined ? {} : { projectId }) }));
      expect(eventsTo(mind, hoursAfter(5))).toEqual([
        { what: 'holdRenewed +3300', data: { heldUntil: hoursAfter(2), amountUnits: '1000000000' } },
        {
          what: 'endingForLimit +6900',
          data: { endAt: hoursAfter(2), of, limitUnits: '2500000000', committedUnits: '2000000000' },
        },
        { what: 'ended +7200', data: {} },
      ]);
    },
  );

  test('an open end told so may be extended once the limit is raised', () => {
    const mind = setup({ monthlySpendingLimitUnits: yuan(10) });
    submit(mind, inProject('rsv_a', { durationSeconds: null }));
    eventsTo(mind, plusSeconds(T0, 3_400));
    expect(bookedOf(mind, 'rsv_a')?.interval.endAt).toBe(hoursAfter(1));
    const more = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: '1000000000' } as const;
    expect(refusalOf(submit(mind, more, plusSeconds(T0, 3_400)))).toBe('projectLimitExceeded');
    setProject(mind, { monthlySpendingLimitUnits: yuan(20) });
    expect(refusalOf(submit(mind, more, plusSeconds(T0, 3_400)))).toBeUndefined();
    expect(mind.book.committedIn(PROJECT, MONTH)).toBe(yuan(20));
  });

  test('the limit of a new month has room again', () => {
    const mind = setup({ monthlySpendingLimitUnits: yuan(10) });
    // 2026-12-01 begins in Shanghai at 16:00 UTC of the last of November.
    const startAt = instant(Date.UTC(2026, 10, 30, 15, 6));
    submit(mind, inProject('rsv_a', { durationSeconds: null }), startAt);
    const seen = eventsTo(mind, plusSeconds(startAt, 7_000), RICH);
    expect(seen.map(({ what }) => what.split(' ')[0])).toEqual(['holdRenewed', 'endingForLimit']);
  });
});

test('a new leader asks for the month of what fell due while nobody led', () => {
  const mind = setup();
  const lateInMonth = instant(Date.UTC(2026, 10, 30, 14, 0));
  submit(mind, inProject('rsv_a', { durationSeconds: null }), lateInMonth);
  submit(mind, inProject('rsv_b'), lateInMonth);
  const live: Booked[] = [...mind.book.reservations.values()];
  const inDecember = instant(Date.UTC(2026, 11, 3));
  expect(committedSince(live, lateInMonth)).toBe('2026-11');
  expect(committedSince(live, inDecember)).toBe('2026-11');
  expect(committedSince(live.slice(1), inDecember)).toBe('2026-12');
});

test('the log keeps the limits that a command saw, of its project or of that of its reservation', () => {
  const mind = setup({ cardQuota: 8 });
  const seenBy = (...payloads: Parameters<typeof commandOf>[0][]) =>
    decideRound(mind, {
      reports: [],
      commands: payloads.map((each) => commandOf(each)),
      wallets: RICH,
      now: T0,
    }).entries.map(({ inputs }) => inputs['project']);
  expect(seenBy(inProject('rsv_a'), booking('rsv_b'))).toEqual([`${PROJECT} ${ORG} 8 - open`, undefined]);
  setProject(mind, { monthlySpendingLimitUnits: yuan(1), isClosed: true });
  const cancel = (reservationId: string) => ({ kind: 'cancel', reservationId }) as const;
  expect(seenBy(cancel('rsv_a'), cancel('rsv_b'))).toEqual([`${PROJECT} ${ORG} - ${yuan(1)} closed`, undefined]);
  mind.book.limits.set(ORG, { cardQuota: 5, monthlySpendingLimitUnits: null, graceSeconds: 60 });
  const [entry] = decideRound(mind, {
    reports: [],
    commands: [commandOf(booking('rsv_c'))],
    wallets: RICH,
    now: T0,
  }).entries;
  expect(entry?.inputs).toMatchObject({ limits: `${ORG} 5 - 60` });
});
