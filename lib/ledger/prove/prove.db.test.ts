import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { readLog, writeLog } from './operation.ts';
import { permittedPairs } from './pairs.ts';
import { proveBooks, replayLog } from './testing-proving.ts';

const ownerUrl = await createTestDatabase();

async function openOwner(): Promise<pg.Client> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  onTestFinished(() => owner.end());
  return owner;
}

test('whatever is done to the books, they are the model’s after every step', async () => {
  const owner = await openOwner();
  const proven = await proveBooks(owner, {
    operations: 6_000,
    seed: 4,
    extent: { together: 150, commands: 30 },
    proveEvery: 3_000,
    isShrunk: true,
  });
  expect(proven.failure && `${proven.failure.reason}\n${writeLog(proven.failure.log)}`).toBeNull();
  expect(proven.operations).toBeGreaterThanOrEqual(6_000);
  expect(permittedPairs().filter((pair) => !proven.pairs.has(pair))).toEqual([]);
  // The draw reaches every wall; otherwise it proves less than it says.
  const reached = [...proven.outcomes.keys()];
  for (const wall of [
    'created',
    'exists',
    'insufficientFunds',
    'journalKeyReused',
    'journalNotReversible',
    'monthClosed',
    'holdResolved',
    'journalUnbalanced',
    'pairNotPermitted',
    'inUse',
    'samePerson',
    '23514',
  ])
    expect(reached).toContain(wall);
});

test('a log that is written down is read and played as it was', async () => {
  const log = readLog(
    writeLog([
      { together: [{ do: 'topUp', who: 0, which: 1, amount: 9, when: 3 }] },
      { vandal: 2 },
      { together: [{ do: 'place', who: 0, which: 0, amount: 0, when: 3 }] },
    ]),
  );
  expect(log).toHaveLength(3);
  expect(await replayLog(await openOwner(), log)).toBeNull();
  expect(() => readLog('{"together":[{"do":"steal","who":0,"which":0,"amount":0,"when":0}]}')).toThrow('no operation');
});
