import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { explainTable } from './explaining-table.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number) => instant(T0 + hours * HOUR_MS);
const hour = (freeCards: number, largestOnServer = Math.min(16, freeCards), largestOnSupernode = freeCards) => ({
  freeCards,
  freeServers: Math.floor(freeCards / 16),
  freeSupernodes: Math.floor(freeCards / 64),
  largestOnServer,
  largestOnSupernode,
});
const table = (...hours: ReturnType<typeof hour>[]) => hours.map((each, i) => ({ hourAt: at(i), ...each }));
const wish = {
  cards: 20,
  topology: 'any',
  cardsPerServer: 16,
  cardsPerSupernode: 32,
  durationSeconds: 3 * 3_600,
} as const;
const SHORTER = [3_600, 7_200];

test('what looks possible is not explained', () => {
  expect(explainTable(table(hour(20), hour(20), hour(20)), wish, at(0), SHORTER)).toBeNull();
});

test('too few cards, with the most that look possible and the first hour that does', () => {
  const full = table(hour(8), hour(9), hour(9), hour(20), hour(20), hour(20));
  expect(explainTable(full, wish, at(0), SHORTER)).toMatchObject({
    token: 'capacityExhausted',
    needed: 20,
    numbers: { freeCards: 8, largestOnServer: 8 },
    earliestStartAt: at(3),
    sooner: [{ change: 'fewerCards', value: 8, startAt: at(0) }],
  });
});

test('enough at first, but not for so long', () => {
  const gap = table(hour(30), hour(30), hour(4), hour(4));
  expect(explainTable(gap, wish, at(0), SHORTER)).toMatchObject({
    token: 'tooLongForGap',
    earliestStartAt: null,
    sooner: [
      { change: 'fewerCards', value: 4 },
      { change: 'shorter', value: 7_200 },
    ],
  });
});

test('enough, but not together', () => {
  const spread = table(hour(40, 7, 12), hour(40, 7, 12), hour(40, 7, 12));
  expect(explainTable(spread, { ...wish, cards: 10, topology: 'same-server' }, at(0), [])).toMatchObject({
    token: 'fragmentedAcrossServers',
    sooner: [
      { change: 'looserTopology', value: 'same-supernode' },
      { change: 'fewerCards', value: 7 },
    ],
  });
  const inOne = explainTable(spread, { ...wish, topology: 'same-supernode' }, at(0), []);
  expect(inOne).toMatchObject({ token: 'fragmentedAcrossSupernodes', sooner: [{ value: 'any' }, { value: 12 }] });
});

test('no supernode of its own, but servers: they are named first', () => {
  const spread = table(hour(48, 16, 24));
  const whole = { ...wish, cards: 32, topology: 'whole-supernodes', durationSeconds: 3_600 } as const;
  expect(explainTable(spread, whole, at(0), [])).toMatchObject({
    token: 'fragmentedAcrossSupernodes',
    numbers: { idleServers: 3, idleSupernodes: 0 },
    sooner: [{ change: 'looserTopology', value: 'whole-servers' }],
  });
});
