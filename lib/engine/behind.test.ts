import { expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { decideRound, type HealthReport } from './batch.ts';
import { booking, commandOf, RICH, smallPool, T0 } from './testing.ts';
import { submit } from './testing-decisions.ts';

const LATER = instant(T0 + 40 * HOUR_MS);

test('a command waits while more is due than one round decides: what it gives back now is given to nobody for earlier', () => {
  const mind = smallPool(1, 2);
  for (const id of ['rsv_a', 'rsv_b']) submit(mind, booking(id, { cards: 1, durationSeconds: 60 * 3_600 }));
  const lost: HealthReport = {
    cardId: 'crd_0',
    health: 'unhealthy',
    takesNewWork: false,
    isRefused: false,
    reason: 'drop',
    at: plusSeconds(T0, 60),
  };
  decideRound(mind, { reports: [lost], commands: [], wallets: RICH, now: plusSeconds(T0, 60) });
  const commands = [commandOf({ kind: 'release', reservationId: 'rsv_b' })];
  const behind = decideRound(mind, { reports: [], commands, wallets: RICH, now: LATER });
  expect(behind.entries.map(({ payload }) => payload.kind)).toEqual(['tick']);
  const next = decideRound(mind, { reports: [], commands, wallets: RICH, now: LATER });
  expect(next.entries.map(({ payload, answer }) => `${payload.kind} ${answer.ok}`)).toEqual([
    'tick true',
    'release true',
  ]);
  const { changes } = decideRound(mind, { reports: [], commands: [], wallets: RICH, now: plusSeconds(LATER, 120) });
  const bound = changes.flatMap((change) => (change.kind === 'cardsBound' ? change.bindings : []));
  expect(bound.map(({ card, interval }) => [card, interval.startAt >= LATER])).toEqual([[1, true]]);
});

test('after a failure less of what is due is decided, without commands beside it, and the log says how much', () => {
  const mind = smallPool(1, 2);
  for (const id of ['rsv_a', 'rsv_b']) submit(mind, booking(id, { cards: 1, durationSeconds: 3_600 }));
  const commands = [commandOf(booking('rsv_c', { cards: 1 }))];
  const round = (duesMax: number) => decideRound(mind, { reports: [], commands, wallets: RICH, now: LATER, duesMax });
  const kinds = ({ entries }: ReturnType<typeof round>) => entries.map(({ payload, inputs }) => [payload.kind, inputs]);
  for (let left = mind.book.reservations.size; left > 0; left = mind.book.reservations.size) {
    const one = round(1);
    expect([one.dues, kinds(one)]).toEqual([1, [['tick', { dues: '1' }]]]);
  }
  expect(round(1).entries.map(({ answer }) => answer.ok)).toEqual([true]);
});
