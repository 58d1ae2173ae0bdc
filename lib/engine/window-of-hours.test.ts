import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const round = (at: number, commands: Parameters<typeof decideRound>[1]['commands'] = []) =>
  ({ reports: [], commands, wallets: RICH, now: instant(at) }) as const;

test('a round that is taken back after a jump leaves what was due to be decided at its own time', () => {
  const [mind, calm] = [smallPool(4), smallPool(4)];
  const wish = { cards: 4, startAt: T0 + 5 * HOUR_MS, durationSeconds: 7_200 };
  for (const each of [mind, calm]) decideRound(each, round(T0, [commandOf(booking('rsv_1', wish))]));
  decideRound(mind, round(T0 + 60 * HOUR_MS)).undo();
  const [again, once] = [mind, calm].map((each) => decideRound(each, round(T0 + 60 * HOUR_MS)).changes);
  expect(again).toEqual(once);
  expect(again?.length).toBeGreaterThan(0);
});

test('a booking that fails under the id of another organisation’s leaves nothing of it in the quota', () => {
  const mind = smallPool(4);
  decideRound(mind, round(T0, [commandOf(booking('rsv_1', { cards: 4 }), OTHER)]));
  expect(() => decideRound(mind, round(T0, [commandOf(booking('rsv_1', { cards: 3 }), ORG)]))).toThrow('rsv_1');
  expect(mind.book.cardsBookedIn(ORG, { startAt: T0, endAt: null })).toBe(0);
  expect([...mind.book.reservationsOf(ORG)]).toEqual([]);
  expect([...mind.book.reservationsOf(OTHER)].map(({ cards }) => cards)).toEqual([4]);
});
