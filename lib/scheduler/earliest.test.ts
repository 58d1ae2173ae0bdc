import { expect, test } from 'vitest';
import { earliestStart } from './earliest.ts';
import type { PoolState } from './pool-state.ts';
import { at, SERVERS, SIZE, smallPool } from './testing-pool.ts';

/** All of a server from one quarter of an hour to another. */
function takeAll(state: PoolState, server: number, from: number, to: number): void {
  const interval = { startAt: at(from), endAt: at(to) };
  const shares = [{ server, cards: SIZE }];
  state.addPromise({ id: `p${server}-${from}`, cards: SIZE, topology: 'any', interval, shares, isBound: false });
}

const more = SIZE + 1;
const from = (hours: number) => ({
  cards: more,
  topology: 'any' as const,
  interval: { startAt: at(0), endAt: at(hours * 4) },
});

test('cards that are free in every hour but not the same ones throughout are no room for pieces', () => {
  const state = smallPool();
  for (let server = 3; server < SERVERS; server += 1) takeAll(state, server, 0, 48);
  for (let hour = 0; hour < 12; hour += 1) takeAll(state, hour % 2 === 0 ? 1 : 2, hour * 4, hour * 4 + 4);
  expect(earliestStart(state, from(1))).toBe(at(4));
  expect(earliestStart(state, from(2))).toBe(at(44));
});

test('an hour that two promises share leaves no room, however much may be free in parts of it', () => {
  const state = smallPool();
  for (let server = 2; server < SERVERS; server += 1) takeAll(state, server, 0, 48);
  for (let half = 0; half < 14; half += 1) takeAll(state, 1, half * 2, half * 2 + 2);
  expect(earliestStart(state, from(1))).toBe(at(28));
});

test.each([
  ['cards', { cards: more, topology: 'any' }],
  ['whole servers', { cards: 2 * SIZE, topology: 'whole-servers' }],
  ['one server', { cards: SIZE, topology: 'same-server' }],
] as const)('what has no end begins when the last that is in its way is over: %s', (_, wish) => {
  const state = smallPool();
  const open = { ...wish, interval: { startAt: at(0), endAt: null } };
  for (let server = 0; server < 6; server += 1) takeAll(state, server, 0, 56);
  takeAll(state, 6, 0, 52);
  takeAll(state, 7, 0, 48);
  expect(earliestStart(state, open)).toBe(wish.topology === 'same-server' ? at(48) : at(52));
  state.removePromise('p6-0');
  state.removePromise('p7-0');
  expect(earliestStart(state, open)).toBe(at(4));
  takeAll(state, 6, 400, 404);
  takeAll(state, 7, 400, 404);
  expect(earliestStart(state, open)).toBe(at(56));
});
