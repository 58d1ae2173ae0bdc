import { expect, test } from 'vitest';
import { HOUR_MS, plusMs } from '#lib/core/instant.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import {
  afterFailure,
  COMMANDS_PER_ROUND,
  commandsOfRound,
  DUES_PER_ROUND,
  fewerCommands,
  fewerDues,
  moreCommands,
  moreDues,
} from './round-size.ts';
import { booking, commandOf, smallPool, T0 } from './testing.ts';

const mind = smallPool(4);
const wishes = (count: number, cards: number, inHours: number | null): Command[] =>
  Array.from({ length: count }, (_, n) => {
    const startAt = inHours === null ? null : plusMs(T0, inHours * HOUR_MS);
    return commandOf(booking(`rsv_${n}`, { cards, startAt }));
  });

test('a round takes what waits, up to as many commands as it may', () => {
  expect(commandsOfRound(mind, [], T0)).toEqual([]);
  const few = wishes(COMMANDS_PER_ROUND, 1, null);
  expect(commandsOfRound(mind, few, T0)).toEqual(few);
  const many = wishes(COMMANDS_PER_ROUND + 1, 1, null);
  expect(commandsOfRound(mind, many, T0)).toEqual(many.slice(0, COMMANDS_PER_ROUND));
});

test('of gangs that are bound at once it takes as many as half a second writes, one at least', () => {
  expect(commandsOfRound(mind, wishes(8, 1_024, null), T0)).toHaveLength(4);
  expect(commandsOfRound(mind, wishes(3, 10_000, null), T0)).toHaveLength(1);
  expect(commandsOfRound(mind, wishes(8, 1_024, 24), T0)).toHaveLength(8);
});

/** Decides `waiting` commands of which one cannot be written; how many were decided in vain until it was alone. */
function inVain(waiting: number, bad: number): number {
  let [done, perRound, decided] = [0, COMMANDS_PER_ROUND, 0];
  for (;;) {
    const size = Math.min(perRound, waiting - done);
    const fails = bad < done + size;
    if (fails && size === 1) return decided;
    if (fails) [perRound, decided] = [fewerCommands(size), decided + size];
    else [perRound, done] = [moreCommands(perRound), done + size];
  }
}

test('one command that cannot be written costs few rounds, wherever it stands, and is found alone', () => {
  const costs = Array.from({ length: COMMANDS_PER_ROUND }, (_, bad) => inVain(COMMANDS_PER_ROUND, bad));
  expect(Math.max(...costs)).toBeLessThan(5 * COMMANDS_PER_ROUND);
  expect(inVain(1, 0)).toBe(0);
});

test('what is due is tried in halves before any command is blamed, and alone without commands', () => {
  const next = (dues: number, commands: number, duesPerRound = DUES_PER_ROUND) =>
    afterFailure({ dues, commands, duesPerRound });
  expect(next(8, 0)).toBe('fewerDues');
  expect(next(8, 5, 16)).toBe('fewerDues');
  expect(next(1, 5)).toBe('fewerDues');
  expect(next(1, 5, 1)).toBe('sameAgain');
  expect(next(1, 0)).toBe('sameAgain');
  expect(next(0, 0, 1)).toBe('sameAgain');
  expect(next(0, 5, 1)).toBe('fewerCommands');
  expect(next(0, 1)).toBe('answerFailed');
});

test('one thing that cannot be written with another is apart after few rounds, and then as much is decided as before', () => {
  let [perRound, rounds] = [DUES_PER_ROUND, 0];
  for (let decided = 700; decided > 1; rounds += 1) {
    perRound = fewerDues(decided);
    decided = perRound;
  }
  expect([perRound, rounds]).toEqual([1, 9]);
  for (rounds = 0; perRound < DUES_PER_ROUND; rounds += 1) perRound = moreDues(perRound);
  expect(rounds).toBe(11);
});
