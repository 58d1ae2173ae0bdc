import { expect, test } from 'vitest';
import { Collector } from '#lib/devices/metrics/collector.ts';
import { renderSnapshot } from '#lib/devices/metrics/render.ts';
import { parseExposition } from '#lib/devices/metrics/testing-exposition.ts';
import { figureOf } from '#lib/devices/metrics/testing-metrics.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import type { Engine } from './engine.ts';
import { book, newEngine, openTestMarket, settleDown } from './testing-market.ts';

await createTestDatabase();

async function textOf(engine: Engine): Promise<string> {
  const collector = new Collector(
    () => engine.pools.map((pool) => pool.devices.metrics),
    () => 0,
  );
  return [...renderSnapshot(await collector.collect())].join('');
}

test('the engine that leads a pool shows its cards under our ids, and no tenant; another engine shows none', async () => {
  const market = await openTestMarket(48, 1_000n);
  await settleDown(market);
  await book(market);
  await settleDown(market);
  const text = await textOf(market.engine);
  const families = parseExposition(text);
  expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(48);
  expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series[17]?.labels).toMatchObject({
    site: 'sit_sg',
    pool: 'pol_sg-zw810e',
    supernode: 'plc_sg-p01-s01',
    server: 'nod_sg-p01-s01-n2',
    card: 'crd_sg-p01-s01-n2-c01',
  });
  expect(figureOf(families, 'kashi_fleet_cards', { health: 'healthy', model: 'zw810e' })).toBe(48);
  expect(text).not.toMatch(/org_|rsv_|usr_/);

  const standby = newEngine();
  await standby.turn();
  expect(figureOf(parseExposition(await textOf(standby)), 'kashi_engine_pools')).toBe(0);
  await standby.close();
  await market.engine.close();
});
