import { describe, expect, test } from 'vitest';
import type { DeviceDriver } from '../types.ts';
import { Collector } from './collector.ts';
import { FLEET_MS_MAX, type Patience, SERVER_MS_MAX } from './fleet-reader.ts';
import { renderSnapshot } from './render.ts';
import { figureOf, openTestMetrics } from './testing-metrics.ts';

const NEVER = new Promise<never>(() => {});

/** Time that passes when the test says so. */
function setup(options: { nodes: number; change?: (nodeId: string, driver: DeviceDriver) => Partial<DeviceDriver> }) {
  const limits = new Set<{ ms: number; controller: AbortController }>();
  const patience: Patience = {
    limit: (ms) => {
      const limit = { ms, controller: new AbortController() };
      limits.add(limit);
      return { signal: limit.controller.signal, callOff: () => limits.delete(limit) };
    },
    breathe: () => Promise.resolve(),
  };
  const expire = (ms: number): void => {
    for (const limit of limits) if (limit.ms === ms) limit.controller.abort();
  };
  return openTestMetrics({ ...options, patience }).then((metrics) => ({ ...metrics, expire, limits }));
}

/** Lets everything that can go on without time go on. */
const goOn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a server that does not answer', () => {
  test('costs no more than its time, is shown as down, and the others as they are', async () => {
    const { scrape, expire } = await setup({
      nodes: 3,
      change: (nodeId) => (nodeId === 'node-001' ? { list: () => NEVER } : {}),
    });
    const scraped = scrape();
    await goOn();
    expire(SERVER_MS_MAX);
    const families = await scraped;
    expect(
      ['node-000', 'node-001', 'node-002'].map((server) => figureOf(families, 'kashi_device_up', { server })),
    ).toEqual([1, 0, 1]);
    expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(32);
  });

  test('for one of its cards still shows those that did', async () => {
    const { scrape, expire, uuid } = await setup({
      nodes: 1,
      change: (_, driver) => ({
        links: (ref, options) => ('uuid' in ref && ref.uuid === uuid(3) ? NEVER : driver.links(ref, options)),
      }),
    });
    const scraped = scrape();
    await goOn();
    expire(SERVER_MS_MAX);
    const families = await scraped;
    expect(figureOf(families, 'kashi_device_up')).toBe(0);
    expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(15);
  });

  test('is not asked again before its last answer has come', async () => {
    const asked: ((infos: []) => void)[] = [];
    const { scrape, expire } = await setup({
      nodes: 1,
      change: (_, driver) => ({
        list: (options) => (asked.length < 1 ? new Promise((resolve) => asked.push(resolve)) : driver.list(options)),
      }),
    });
    const first = scrape();
    await goOn();
    expire(SERVER_MS_MAX);
    expect(figureOf(await first, 'kashi_device_up')).toBe(0);
    expect(figureOf(await scrape(), 'kashi_driver_calls_total', { op: 'list' })).toBe(1);
    asked[0]?.([]);
    await goOn();
    const families = await scrape();
    expect(figureOf(families, 'kashi_device_up')).toBe(1);
    expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(16);
  });

  test('cannot change a snapshot that is already taken', async () => {
    const late: (() => void)[] = [];
    const { collector, expire } = await setup({
      nodes: 1,
      change: (_, driver) => ({
        links: (ref, options) => new Promise((resolve) => late.push(() => resolve(driver.links(ref, options)))),
      }),
    });
    const collected = collector.collect();
    await goOn();
    expire(SERVER_MS_MAX);
    const snapshot = await collected;
    const before = [...renderSnapshot(snapshot)].join('');
    for (const answer of late) answer();
    await goOn();
    expect([...renderSnapshot(snapshot)].join('')).toBe(before);
  });
});

test('leaves no limit running behind it, which would keep all it read in memory', async () => {
  const { scrape, limits } = await setup({ nodes: 2 });
  await scrape();
  expect(limits.size).toBe(0);
});

test('when the time of a whole collection is over, no further server is asked', async () => {
  let isOver = false;
  const { scrape, expire } = await setup({
    nodes: 40,
    change: (_, driver) => ({
      list: (options) => {
        if (!isOver) expire(FLEET_MS_MAX);
        isOver = true;
        return driver.list(options);
      },
    }),
  });
  const families = await scrape();
  const up = (families.get('kashi_device_up')?.series ?? []).filter(({ value }) => value === 1);
  expect(up.length).toBeGreaterThan(0);
  expect(up.length).toBeLessThan(40);
  expect(families.get('kashi_device_up')?.series).toHaveLength(40);
});

test('scrapes at the same time share one collection, later ones do not', async () => {
  const { scrape } = await setup({ nodes: 1 });
  for (const families of await Promise.all([scrape(), scrape(), scrape()]))
    expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(16);
  expect(figureOf(await scrape(), 'kashi_driver_calls_total', { op: 'sample' })).toBe(32);
});

test('a bug in a driver is thrown, and the next scrape starts afresh', async () => {
  let isBroken = true;
  const { scrape } = await setup({
    nodes: 1,
    change: (_, driver) => ({
      list: (options) => (isBroken ? Promise.reject(new TypeError('a bug')) : driver.list(options)),
    }),
  });
  await expect(scrape()).rejects.toThrow('a bug');
  isBroken = false;
  expect(figureOf(await scrape(), 'kashi_device_up')).toBe(1);
});

test('a process that leads nothing says so, and how long it took to find out', async () => {
  const times = [1_000, 1_250];
  const collector = new Collector(
    () => [],
    () => times.shift() ?? 0,
    { poolsInTrouble: () => 2 },
  );
  const text = [...renderSnapshot(await collector.collect())].join('');
  expect(
    text.split('\n').map((line) =>
      line
        .split(' ')
        .filter((word) => word !== '#')
        .slice(0, 2),
    ),
  ).toEqual([
    ['HELP', 'kashi_engine_pools'],
    ['TYPE', 'kashi_engine_pools'],
    ['kashi_engine_pools', '0'],
    ['HELP', 'kashi_engine_pools_in_trouble'],
    ['TYPE', 'kashi_engine_pools_in_trouble'],
    ['kashi_engine_pools_in_trouble', '2'],
    ['HELP', 'kashi_collection_seconds'],
    ['TYPE', 'kashi_collection_seconds'],
    ['kashi_collection_seconds', '0.25'],
    [''],
  ]);
});

test('a large fleet is printed in pieces, none of which is large', async () => {
  const { collector } = await setup({ nodes: 20 });
  const pieces = [...renderSnapshot(await collector.collect())];
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(75_000);
  expect(pieces.at(-1)?.endsWith('\n')).toBe(true);
});
