import { expect, test, vi } from 'vitest';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { createTestDatabase, cutListeners } from '#lib/platform/testing/database.ts';
import { Engine } from './engine.ts';
import { serveEngine } from './run.ts';
import { openTestMarket } from './testing-market.ts';

const url = await createTestDatabase();

test('an engine whose line for announcements was cut reads the catalog again', async () => {
  await openTestMarket(16, 0n);
  const wake = vi.spyOn(Engine.prototype, 'wake');
  const times = () => wake.mock.calls.filter(([what]) => what === 'catalog').length;
  const stopping = new AbortController();
  const served = serveEngine({ seed: 7, faultRates: 'none', hosts: NO_HOSTS }, null, stopping.signal);
  await vi.waitFor(() => expect(times()).toBe(1), 10_000);
  expect(await cutListeners(url)).toBe(1);
  await vi.waitFor(() => expect(times()).toBe(2), 10_000);
  stopping.abort();
  await served;
});
