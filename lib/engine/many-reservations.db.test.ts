import { expect, test } from 'vitest';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { withTx } from '#lib/platform/db.ts';
import { newEngine, openTestMarket, settleDown } from './testing-market.ts';

await createTestDatabase();

test('a pool with more live reservations than a statement takes parameters finds another leader', async () => {
  const market = await openTestMarket(16, 0n);
  await settleDown(market);
  await market.engine.close();
  const { poolId, organisationId } = market;
  const count = 33_000;
  await withTx(
    SYSTEM,
    (tx) => tx.$executeRaw`
    INSERT INTO reservation (id, pool_id, organisation_id, sku_id, price_version_id, name, purchase, cards, topology, start_at, end_at,
      placements, state, lost, plan, is_bound, created_by, created_at, noticed_at)
    SELECT 'rsv_' || n, ${poolId}, ${organisationId}, v.sku_id, v.id, 'many', 'by-hour', 1, 'any', now.at + interval '1 day', now.at + interval '2 days',
      1, 'confirmed', '[]', '[]', false, 'test', now.at, now.at + interval '1 day'
    FROM (SELECT kashi_now() AS at) AS now, (SELECT id, sku_id FROM price_version ORDER BY id LIMIT 1) AS v, generate_series(1, ${count}::int) AS n`,
  );
  market.engine = newEngine();
  await market.engine.turn();
  expect(market.engine.pools.map(({ mind }) => mind.book.reservations.size)).toEqual([count]);
});
