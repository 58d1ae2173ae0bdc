import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const round = (at: number, commands: Parameters<typeof decideRound>[1]['commands'] = []) =>
  ({ reports: [], commands, wallets: RICH, now: instant(at) }) as const;

test('a booking that fails under the id of another organisation’s leaves nothing of it in the quota', () => {
  const mind = smallPool(4);
  decideRound(mind, round(T0, [commandOf(booking('rsv_1', { cards: 4 }), OTHER)]));
  expect(() => decideRound(mind, round(T0, [commandOf(booking('rsv_1', { cards: 3 }), ORG)]))).toThrow('rsv_1');
  expect(mind.book.mostBookedIn(ORG, { startAt: T0, endAt: null })).toBe(0);
  expect([...mind.book.reservationsOf(ORG)]).toEqual([]);
  expect([...mind.book.reservationsOf(OTHER)].map(({ cards }) => cards)).toEqual([4]);
});
