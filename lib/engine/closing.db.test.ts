import { expect, test } from 'vitest';
import { closeDatabase, databaseUrl, openDatabase } from '#lib/platform/db.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { newEngine, openTestMarket, settleDown } from './testing-market.ts';

await createTestDatabase();

test('an engine that closes gives its lease back at once; one whose database is gone closes all the same', async () => {
  const market = await openTestMarket(16, 0n);
  await settleDown(market);
  await market.engine.close();
  const heir = newEngine();
  await heir.turn();
  expect(heir.pools).toHaveLength(1);

  const here = databaseUrl();
  const nowhere = new URL(here);
  nowhere.pathname = '/gone';
  await closeDatabase();
  openDatabase(nowhere.href);
  await heir.close();
  expect(heir.pools).toEqual([]);
  await closeDatabase();
  openDatabase(here);
});
