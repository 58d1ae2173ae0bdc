import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { readMonthsDue } from './store.ts';

await createTestDatabase();
const now = instant(Date.UTC(2026, 10, 2, 1));
const due = () => withTx(SYSTEM, async (tx) => (await readMonthsDue(tx, now)).map(({ month }) => month));

test('no month is due before there is anybody to whom something was promised', async () => {
  expect(await due()).toEqual([]);
  // The last evening of August in UTC is September in Shanghai.
  const createdAt = new Date(Date.UTC(2026, 7, 31, 20));
  await withTx(SYSTEM, (tx) =>
    tx.organisation.create({ data: { id: 'org_first', slug: 'first', name: 'First', createdAt, cardQuota: 1 } }),
  );
  expect(await due()).toEqual(['2026-09', '2026-10']);
});
