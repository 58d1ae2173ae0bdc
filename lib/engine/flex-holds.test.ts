import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import { decideRound } from './batch.ts';
import type { Mind } from './mind.ts';
import { queueSnapshotOf } from './queue-snapshot.ts';
import { booking, commandOf, ORG, OTHER, RICH } from './testing.ts';
import { minutes, queuePool, roundOf, startedIn, submitJob } from './testing-queue.ts';

const FLEX = reservationOfJob('job_flex' as Id<'job'>);

/** One server of 16 cards, all of them a flex job's of four hours from the fifth minute on. */
function taken(servers = 1, cards = 16): Mind {
  const mind = queuePool(servers);
  submitJob(mind, 'flex', { tier: 'flex', cards, walltimeSeconds: 4 * 3_600 }, minutes(5));
  expect(startedIn(roundOf(mind, minutes(5)).changes)).toEqual(['flex']);
  return mind;
}

const heldTo = (mind: Mind) => mind.book.reservations.get(FLEX)?.interval.endAt;
const leaveAt = (mind: Mind) => {
  const standing = mind.book.queue.running.get('job_flex' as Id<'job'>)?.standing;
  return standing?.state === 'started' ? standing.leaveAt : undefined;
};

/** Decides everything that is due up to an instant, and a booking then. */
function roundAt(mind: Mind, now: Instant, wish?: Parameters<typeof booking>[1], org = OTHER) {
  const id = mind.book.reservations.has('rsv_new' as Id<'reservation'>) ? 'rsv_newer' : 'rsv_new';
  const commands = wish ? [commandOf(booking(id, wish), org)] : [];
  return decideRound(mind, { reports: [], commands, wallets: RICH, now });
}
const refusalOf = ({ entries }: ReturnType<typeof roundAt>) => {
  const answer = present(entries.at(-1), 'an answer').answer;
  return answer.ok ? null : answer.refusal.code;
};
const eventsOf = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) => (change.kind === 'event' && change.reservationId === FLEX ? [change.event] : []));

describe('a flex job that nobody is in the way of', () => {
  test('has its cards to a full hour, and an hour more each time, until its walltime is over', () => {
    const mind = taken();
    expect(heldTo(mind)).toBe(minutes(60));
    const events: string[] = [];
    for (const [minute, end] of [
      [24, 60],
      [25, 120],
      [84, 120],
      [85, 180],
      [205, 245],
      [244, 245],
    ] as const) {
      events.push(...eventsOf(roundAt(mind, minutes(minute)).changes));
      expect(heldTo(mind)).toBe(minutes(end));
    }
    expect(leaveAt(mind)).toBeNull();
    // Told of its end once that stands, like everybody.
    expect(events).toEqual(['endsSoon']);
    expect(eventsOf(roundAt(mind, minutes(245)).changes)).toEqual(['ended']);
    expect(mind.book.queue.running.size).toBe(0);
  });

  test('has set aside its whole walltime once, when it started', () => {
    const mind = queuePool(1);
    submitJob(mind, 'flex', { tier: 'flex', walltimeSeconds: 4 * 3_600 }, minutes(5));
    const { changes } = roundOf(mind, minutes(5));
    const later = [30, 90, 150, 210, 245].flatMap((minute) => roundAt(mind, minutes(minute)).changes);
    const placed = [...changes, ...later].filter(({ kind }) => kind === 'moneyPlaced');
    // 16 cards for four hours at 6 yuan.
    expect(placed).toMatchObject([{ amountUnits: 38_400_000_000n }]);
  });

  test('is planned with as if it ran on, and one that is shorter than a hold has one end', () => {
    const mind = taken();
    expect(queueSnapshotOf(mind, [], minutes(6)).running).toMatchObject([{ endAt: minutes(245), isLeaving: false }]);
    const short = queuePool(1);
    submitJob(short, 'flex', { tier: 'flex', walltimeSeconds: 1_800 }, minutes(5));
    roundOf(short, minutes(5));
    expect(heldTo(short)).toBe(minutes(35));
    roundAt(short, minutes(34));
    expect(heldTo(short)).toBe(minutes(35));
  });
});

describe('who books the cards of a flex job', () => {
  test('has them from the hour on that it does not hold yet; it is told half an hour before and more', () => {
    const mind = taken();
    expect(refusalOf(roundAt(mind, minutes(6), { cards: 4 }))).toBe('capacityExhausted');
    expect(refusalOf(roundAt(mind, minutes(6), { cards: 4, startAt: minutes(60) }))).toBeNull();
    expect(leaveAt(mind)).toBeNull();
    const told = roundAt(mind, minutes(25));
    expect(eventsOf(told.changes)).toEqual(['askedToLeave']);
    expect([heldTo(mind), leaveAt(mind)]).toEqual([minutes(60), minutes(60)]);
    expect(eventsOf(roundAt(mind, minutes(59)).changes)).toEqual(['endsSoon']);
    const over = roundAt(mind, minutes(60));
    expect(eventsOf(over.changes)).toContain('ended');
    expect(mind.book.reservations.get('rsv_new' as Id<'reservation'>)).toMatchObject({
      state: 'active',
      isBound: true,
    });
  });

  test('is refused an hour that the job already holds', () => {
    const mind = taken();
    roundAt(mind, minutes(25));
    expect(refusalOf(roundAt(mind, minutes(26), { cards: 4, startAt: minutes(60) }))).toBe('capacityExhausted');
    expect(refusalOf(roundAt(mind, minutes(26), { cards: 4, startAt: minutes(120) }))).toBeNull();
    expect(eventsOf(roundAt(mind, minutes(86)).changes)).toEqual(['askedToLeave']);
    expect(leaveAt(mind)).toBe(minutes(120));
  });

  test('gets others where there are some: the job goes on', () => {
    const mind = taken(2);
    expect(refusalOf(roundAt(mind, minutes(6), { cards: 16, startAt: minutes(60) }))).toBeNull();
    roundAt(mind, minutes(25));
    expect([heldTo(mind), leaveAt(mind)]).toEqual([minutes(120), null]);
    expect(refusalOf(roundAt(mind, minutes(26), { cards: 16, startAt: minutes(120) }))).toBeNull();
  });

  test('leaves it the cards of a server that it does not need, though they are bound before the hour', () => {
    const mind = taken(1, 8);
    expect(refusalOf(roundAt(mind, minutes(6), { cards: 8, startAt: minutes(60) }))).toBeNull();
    roundAt(mind, minutes(31));
    expect([heldTo(mind), leaveAt(mind)]).toEqual([minutes(120), null]);
    roundAt(mind, minutes(61));
    expect(mind.book.reservations.get('rsv_new' as Id<'reservation'>)?.state).toBe('active');
  });
});

describe('a flex job', () => {
  test('leaves when its organisation has promised itself all of its quota', () => {
    const mind = taken(2);
    mind.book.limits.set(ORG, { cardQuota: 20, monthlySpendingLimitUnits: null });
    expect(refusalOf(roundAt(mind, minutes(6), { cards: 5, startAt: minutes(60) }, ORG))).toBeNull();
    roundAt(mind, minutes(25));
    expect([heldTo(mind), leaveAt(mind)]).toEqual([minutes(60), minutes(60)]);
  });

  test('leaves cards that are being emptied', () => {
    const mind = taken(2);
    const { card } = present(mind.book.bindingsOf(FLEX)[0], 'a card');
    const act = { kind: 'cardAct' as const, act: 'drain' as const, cardIds: [`crd_${card}`], reason: 'fans' };
    decideRound(mind, { reports: [], commands: [commandOf(act, null)], wallets: RICH, now: minutes(6) });
    expect(mind.book.cards[card]?.lifecycle).toBe('draining');
    roundAt(mind, minutes(25));
    expect(leaveAt(mind)).toBe(minutes(60));
  });

  test.each([2, 1])('goes on although one of its cards has just failed, on a pool of %d servers', (servers) => {
    const mind = taken(servers);
    const { card } = present(mind.book.bindingsOf(FLEX)[0], 'a card');
    const report = { cardId: `crd_${card}`, health: 'unhealthy', takesNewWork: false, isRefused: false } as const;
    const reports = [{ ...report, at: minutes(25), reason: 'xid' }];
    decideRound(mind, { reports, commands: [], wallets: RICH, now: minutes(25) });
    expect([heldTo(mind), leaveAt(mind)]).toEqual([minutes(120), null]);
  });
});
