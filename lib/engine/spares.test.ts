import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { decideRound } from './batch.ts';
import type { Mind } from './mind.ts';
import { factsOf } from './simulate/facts.ts';
import { booking, cardsBoundBy, commandOf, RICH, smallPool, T0 } from './testing.ts';
import { submit } from './testing-decisions.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);

/** Asks for a share as ops would. */
function setSpares(mind: Mind, shareBps: number) {
  const command = commandOf({ kind: 'setSpares', shareBps, reason: 'test' }, null);
  const round = decideRound(mind, { reports: [], commands: [command], wallets: RICH, now: T0 });
  return { answer: round.entries.at(-1)?.answer, changes: round.changes, undo: round.undo };
}
const sparesOf = (mind: Mind): number[] => mind.book.cards.flatMap((card, ordinal) => (card.isSpare ? [ordinal] : []));
const movedBy = (changes: readonly Change[]) =>
  changes.flatMap((change) => (change.kind === 'replanned' ? [change.id] : []));

describe('the share of spares', () => {
  test('takes the last free cards from sale at once, and undone it is as it was', () => {
    const mind = smallPool(2);
    const before = factsOf(mind, T0);
    const { answer, undo } = setSpares(mind, 1_000);
    expect(answer).toMatchObject({ ok: true });
    expect(sparesOf(mind)).toEqual([29, 30, 31]);
    expect([...mind.book.readySpares()]).toEqual([29, 30, 31]);
    expect(mind.planner.freeCards({ startAt: T0, endAt: null })).toBe(29);
    undo();
    expect(factsOf(mind, T0)).toEqual(before);
    expect([...mind.book.readySpares()]).toEqual([]);
  });

  test('given up, its cards are sold again', () => {
    const mind = smallPool(2);
    setSpares(mind, 1_000);
    setSpares(mind, 0);
    expect(sparesOf(mind)).toEqual([]);
    submit(mind, booking('rsv_all', { cards: 32 }));
    expect(mind.book.reservations.size).toBe(1);
  });

  test('leaves holders their cards, running and bound ahead, and is refused when too few are nobody’s', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 16, topology: 'whole-servers' }));
    submit(mind, booking('rsv_b', { cards: 14, startAt: instant(T0 + 1_500_000) }));
    expect(setSpares(mind, 1_000).answer).toEqual({
      ok: false,
      refusal: { code: 'sparesTaken', needed: 3, free: 2 },
    });
    expect(sparesOf(mind)).toEqual([]);
    expect(setSpares(mind, 700).answer).toMatchObject({ ok: true });
    expect(sparesOf(mind)).toHaveLength(2);
  });

  test('moves promises that stood on its cards, and is refused where one would have no place', () => {
    const mind = smallPool(2);
    const whole = { cards: 16, topology: 'whole-servers', startAt: hoursAfter(5) } as const;
    for (const id of ['rsv_a', 'rsv_b']) submit(mind, booking(id, whole));
    const isOnFirst = mind.state.promises.get('rsv_a')?.shares[0]?.server === 0;
    submit(mind, { kind: 'cancel', reservationId: isOnFirst ? 'rsv_a' : 'rsv_b' });
    const { answer, changes } = setSpares(mind, 500);
    expect(answer).toMatchObject({ ok: true });
    expect(movedBy(changes)).toEqual([isOnFirst ? 'rsv_b' : 'rsv_a']);
    expect(sparesOf(mind)).toEqual([31]);
    submit(mind, booking('rsv_rest', { cards: 15, startAt: hoursAfter(5) }));
    expect(setSpares(mind, 1_000).answer).toEqual({ ok: false, refusal: { code: 'sparesPromised', promises: 1 } });
    expect(sparesOf(mind)).toEqual([31]);
  });

  test('a spare that stands in keeps its holder when the share is given up', () => {
    const mind = smallPool(1, 4, (card) => card === 3);
    const { changes } = submit(mind, booking('rsv_a', { cards: 3, durationSeconds: 3 * 3_600 }));
    expect(cardsBoundBy(changes)).toEqual([0, 1, 2]);
    const report = {
      cardId: 'crd_0',
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      reason: 'test',
    } as const;
    const lost = { reports: [{ ...report, at: T0 }], commands: [], wallets: RICH, now: T0 };
    decideRound(mind, lost);
    const replaced = decideRound(mind, { ...lost, reports: [], now: instant(T0 + 60_000) });
    expect(cardsBoundBy(replaced.changes)).toEqual([3]);
    expect(setSpares(mind, 0).answer).toMatchObject({ ok: true });
    expect(mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card)).toContain(3);
    expect(mind.state.isUsable[3]).toBe(1);
  });
});
