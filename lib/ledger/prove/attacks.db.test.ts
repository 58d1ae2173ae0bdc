import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { spendTwice } from './testing-double-spend.ts';
import { postTooLate } from './testing-late.ts';

await createTestDatabase();
const ctx: Ctx = { ...SYSTEM, now: instant(Date.UTC(2026, 10, 1)) };

test('64 clients never overdraw a wallet, and every answer is yes or not enough money', async () => {
  const { accepted, refused, others, wrongs, lowestUnits } = await spendTwice(ctx, {
    clients: 64,
    attacks: 400,
    yuan: 100n,
  });
  expect(others).toEqual([]);
  expect(wrongs).toEqual([]);
  expect(lowestUnits >= 0n).toBe(true);
  expect(accepted).toBeGreaterThan(66);
  expect(refused).toBeGreaterThan(0);
});

test('a transaction that outlasts its timeout leaves no row, whoever ends it and whatever it still sends', async () => {
  const { endedBy, ...late } = await postTooLate(ctx, 12, 6);
  // Which of the walls is first depends on how busy the machine is; that one of them stands does not.
  expect(['P2028', 'session ended', 'statement ended', 'transaction over']).toEqual(
    expect.arrayContaining([...endedBy]),
  );
  expect(late).toEqual({
    times: 12,
    refused: 12,
    strayRows: 0,
    openSessions: 0,
    missingUnits: 0n,
  });
});
