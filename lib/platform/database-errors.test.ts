import { expect, onTestFinished, test } from 'vitest';
import { isConnectionLost } from './database-errors.ts';
import { closeDatabase, openDatabase, withTx } from './db.ts';
import { freePort } from './ports.ts';
import { SYSTEM } from './testing/database.ts';

test('a database that nobody answers for is a line that is cut', async () => {
  openDatabase(`postgresql://nobody:x@127.0.0.1:${await freePort()}/nothing`, 1);
  onTestFinished(() => closeDatabase());
  const error: unknown = await withTx(SYSTEM, (tx) => tx.$queryRaw`SELECT 1`).catch((reason: unknown) => reason);
  expect(`${error}`).toContain('127.0.0.1');
  expect(isConnectionLost(error)).toBe(true);
});
