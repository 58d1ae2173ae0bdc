import { describe, expect, test } from 'vitest';
import { at } from '../testing.ts';
import { CARD_FAMILIES } from './families.ts';
import { openTestMetrics as setup, figureOf } from './testing-metrics.ts';

describe('a card that idles', () => {
  test('shows DCGM names in DCGM units', async () => {
    const { scrape, uuid } = await setup();
    const families = await scrape();
    const card = { UUID: uuid(3) };
    const watts = figureOf(families, 'DCGM_FI_DEV_POWER_USAGE', card);
    expect(watts).toBeGreaterThan(60);
    expect(watts).toBeLessThan(100);
    expect(figureOf(families, 'DCGM_FI_DEV_POWER_MGMT_LIMIT', card)).toBe(400);
    expect(figureOf(families, 'DCGM_FI_DEV_FB_FREE', card)).toBe(98_304);
    expect(figureOf(families, 'DCGM_FI_DEV_FB_USED', card)).toBe(0);
    expect(figureOf(families, 'DCGM_FI_DEV_SM_CLOCK', card)).toBe(200);
    expect(figureOf(families, 'DCGM_FI_DEV_GPU_UTIL', card)).toBe(0);
    expect(figureOf(families, 'DCGM_FI_DEV_XID_ERRORS', card)).toBe(0);
    expect(figureOf(families, 'kashi_card_icn_links_active', card)).toBeGreaterThan(0);
    expect(figureOf(families, 'kashi_card_health', { ...card, state: 'healthy', reason: 'none' })).toBe(1);
  });

  test('carries who and where it is, and nothing of a tenant', async () => {
    const { scrape, uuid } = await setup();
    const [series] = (await scrape()).get('DCGM_FI_DEV_GPU_TEMP')?.series ?? [];
    expect(series?.labels).toEqual({
      gpu: '0',
      device: 'alixpu_ppu0',
      UUID: uuid(0),
      modelName: 'PPU-ZW810E',
      Hostname: 'node-000.test',
      site: 'sit_test',
      supernode: 'plc_test-s01',
      pool: 'pol_test-zw810e',
      server: 'node-000',
      card: 'crd_node-000-c0',
    });
  });

  test('is silent about what its driver cannot read', async () => {
    const families = await (await setup()).scrape();
    expect(families.has('DCGM_FI_DEV_PCIE_REPLAY_COUNTER')).toBe(false);
    const printed = CARD_FAMILIES.filter(({ name }) => families.has(name));
    expect(printed).toHaveLength(CARD_FAMILIES.length - 1);
    for (const { name, type } of printed) {
      expect(families.get(name)?.type).toBe(type);
      expect(families.get(name)?.series).toHaveLength(16);
    }
  });

  test('at work shows memory in MiB, traffic over its links, and energy that grows', async () => {
    const { scrape, world, uuid, passTo } = await setup();
    const before = figureOf(await scrape(), 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', { UUID: uuid(0) });
    const all = Array.from({ length: 16 }, (_, slot) => uuid(slot));
    world.host('node-000').spawn({ uuids: all, name: 'train', runSeconds: null, exitCode: 0, load: 'training' });
    passTo('2026-11-21T06:10:00Z');
    const families = await scrape();
    const card = { UUID: uuid(0) };
    const [used, free] = ['USED', 'FREE'].map((what) => figureOf(families, `DCGM_FI_DEV_FB_${what}`, card) ?? 0);
    expect(used).toBeGreaterThan(1_000);
    expect((used ?? 0) + (free ?? 0)).toBeCloseTo(98_304, 6);
    expect(figureOf(families, 'DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', card)).toBeGreaterThan(1_000);
    expect(figureOf(families, 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', card)).toBeGreaterThan((before ?? 0) + 1e6);
  });
});

describe('a card in trouble', () => {
  test('that is lost tells nothing but its last XID and its health, and nobody else is silent', async () => {
    const { scrape, inject, watch, uuid } = await setup();
    await inject('lost', 3);
    await watch.settled();
    const families = await scrape();
    const card = { UUID: uuid(3) };
    for (const { name } of CARD_FAMILIES.filter(({ name }) => name.startsWith('DCGM') && !name.endsWith('XID_ERRORS')))
      expect([name, figureOf(families, name, card)]).toEqual([name, null]);
    expect(figureOf(families, 'DCGM_FI_DEV_XID_ERRORS', card)).toBe(16_257);
    expect(figureOf(families, 'kashi_card_takes_new_work', card)).toBe(0);
    expect(figureOf(families, 'kashi_card_health', { ...card, state: 'unhealthy', reason: 'device_lost' })).toBe(1);
    expect(families.get('DCGM_FI_DEV_GPU_TEMP')?.series).toHaveLength(15);
    expect(figureOf(families, 'kashi_device_up')).toBe(1);
    expect(figureOf(families, 'kashi_driver_calls_total', { op: 'sample' })).toBe(15);
    expect(families.has('kashi_driver_errors_total')).toBe(false);
    expect(figureOf(families, 'kashi_fleet_cards', { health: 'unhealthy' })).toBe(1);
    expect(figureOf(families, 'kashi_device_events_total', { type: 'xid' })).toBe(1);
  });

  test('that is lost has no index, which held for its boot only', async () => {
    const { scrape, inject, watch, uuid } = await setup();
    await scrape();
    await inject('lost', 3);
    await watch.settled();
    const series = (await scrape()).get('DCGM_FI_DEV_XID_ERRORS')?.series.find(({ labels }) => labels.UUID === uuid(3));
    expect([series?.labels.gpu, series?.labels.device, series?.labels.card]).toEqual([
      undefined,
      undefined,
      'crd_node-000-c3',
    ]);
  });

  test('that is throttled says why, and that it is degraded', async () => {
    const { scrape, inject, watch, uuid } = await setup();
    await inject('thermal', 2);
    await watch.settled();
    const families = await scrape();
    const bits = figureOf(families, 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS', { UUID: uuid(2) }) ?? 0;
    expect(bits & 0x60).toBeGreaterThan(0);
    expect(figureOf(families, 'kashi_card_health', { UUID: uuid(2), reason: 'thermal_throttle' })).toBe(1);
    expect(figureOf(families, 'kashi_card_takes_new_work', { UUID: uuid(2) })).toBe(1);
  });

  test('of memory has its errors counted', async () => {
    const { scrape, inject, watch, uuid } = await setup();
    await inject('hbm_uecc', 1);
    await watch.settled();
    const families = await scrape();
    for (const name of ['DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', 'DCGM_FI_DEV_ECC_DBE_AGG_TOTAL', 'kashi_card_retired_pages'])
      expect([name, figureOf(families, name, { UUID: uuid(1) })]).toEqual([name, 1]);
    expect(figureOf(families, 'DCGM_FI_DEV_FB_FREE', { UUID: uuid(1) })).toBe(98_302);
  });

  test('whose index has changed over a reboot is labelled with the new one', async () => {
    const { scrape, world, watch, uuid, passTo } = await setup();
    await scrape();
    world.host('node-000').perform('os_reboot');
    passTo('2026-11-21T06:10:00Z');
    await watch.settled();
    expect(
      figureOf(await scrape(), 'DCGM_FI_DEV_GPU_TEMP', { UUID: uuid(0), gpu: '1', device: 'alixpu_ppu1' }),
    ).not.toBe(null);
  });
});

describe('a server', () => {
  test('whose driver is unloaded is down with all its cards unknown, and the next one is not', async () => {
    const { scrape, world, watch } = await setup({ nodes: 2 });
    await world.injector.inject({ target: { nodeId: 'node-000' }, kind: 'driver_unloaded' });
    await watch.settled();
    const families = await scrape();
    expect(figureOf(families, 'kashi_device_up', { server: 'node-000' })).toBe(0);
    expect(figureOf(families, 'kashi_device_up', { server: 'node-001' })).toBe(1);
    const temperatures = families.get('DCGM_FI_DEV_GPU_TEMP')?.series ?? [];
    expect(new Set(temperatures.map(({ labels }) => labels.server))).toEqual(new Set(['node-001']));
    expect(temperatures).toHaveLength(16);
    expect(figureOf(families, 'kashi_fleet_cards', { health: 'unknown' })).toBe(16);
    expect(figureOf(families, 'kashi_fleet_cards', { health: 'healthy' })).toBe(16);
    expect(figureOf(families, 'kashi_driver_errors_total', { op: 'list', code: '9' })).toBe(1);
    expect(figureOf(families, 'kashi_driver_calls_total', { op: 'list' })).toBe(2);
  });

  test('that nobody listens to has no XID to show, rather than none that came', async () => {
    const { scrape, watch } = await setup();
    watch.close();
    expect((await scrape()).has('DCGM_FI_DEV_XID_ERRORS')).toBe(false);
  });

  test('that cannot tell the traffic of one link shows no sum of the others', async () => {
    const { scrape, uuid } = await setup({
      change: (_, driver) => ({
        links: async (ref, options) => {
          const links = await driver.links(ref, options);
          if (!('uuid' in ref) || ref.uuid !== uuid(5)) return links;
          return links.map((link) => (link.id === 0 ? { ...link, txMegabytesPerSec: { ok: false, code: 3 } } : link));
        },
      }),
    });
    const families = await scrape();
    expect(figureOf(families, 'DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL', { UUID: uuid(5) })).toBeNull();
    expect(families.get('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL')?.series).toHaveLength(15);
    expect(families.get('kashi_card_icn_links_active')?.series).toHaveLength(16);
  });

  test('whose driver answers rubbish shows none of it', async () => {
    const { scrape } = await setup({
      change: (_, driver) => ({
        sample: async (ref, fields, options) => {
          const sample = await driver.sample(ref, fields, options);
          const rubbish = fields.map((field) => [
            field,
            {
              ok: true,
              value: field === 'tempC' ? Number.NaN : Number.POSITIVE_INFINITY,
              at: at('2026-11-21T06:00:00Z'),
            },
          ]);
          return { ...sample, ...Object.fromEntries(rubbish) };
        },
      }),
    });
    const families = await scrape();
    expect([families.has('DCGM_FI_DEV_GPU_TEMP'), families.has('DCGM_FI_DEV_POWER_USAGE')]).toEqual([false, false]);
    expect(families.get('kashi_card_icn_links_active')?.series).toHaveLength(16);
  });
});

test('the age of the oldest reading is shown in seconds', async () => {
  const { scrape, uuid } = await setup({
    change: (_, driver) => ({
      sample: async (ref, fields, options) => {
        const sample = await driver.sample(ref, fields, options);
        if (!('uuid' in ref) || ref.uuid !== uuid(5)) return sample;
        return { ...sample, tempC: { ok: true, value: 30, at: at('2026-11-21T05:59:18.500Z') } };
      },
    }),
  });
  expect(figureOf(await scrape(), 'kashi_device_oldest_reading_seconds')).toBe(41.5);
});

test('the same fleet at the same instant prints the same text', async () => {
  const [one, other] = [await setup({ nodes: 2 }), await setup({ nodes: 2 })];
  expect(await one.text()).toBe(await other.text());
});
