import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PPU_CONTAINER } from '../containers.ts';
import { openTestFleet } from '../testing.ts';
import { CdiFolder, withCdi, withoutCdi } from './cdi-folder.ts';
import { nextOf, testFolder } from './testing.ts';

async function setup() {
  const fleet = openTestFleet();
  const root = await testFolder();
  const folder = path.join(root, 'cdi');
  const driver = await fleet.driver();
  const cdi = new CdiFolder(folder, driver, PPU_CONTAINER);
  const names = async (): Promise<string[]> => {
    const spec = JSON.parse(await readFile(path.join(folder, 'alibabacloud.com-ppu.json'), 'utf8'));
    return spec.devices.map((device: { name: string }) => device.name);
  };
  return { ...fleet, folder, cdi, names, driver };
}

describe('the folder of CDI specifications', () => {
  test('has one whole file and nothing in the making, however often it is refreshed at once', async () => {
    const { cdi, folder, names } = await setup();
    await Promise.all(Array.from({ length: 8 }, () => cdi.refresh()));
    expect(await readdir(folder)).toEqual(['alibabacloud.com-ppu.json']);
    expect(await names()).toHaveLength(17);
  });

  test('loses a card that is removed and has it again when it is found again', async () => {
    const { cdi, driver, names, uuid } = await setup();
    const { pciBusId } = await driver.info({ uuid: uuid(3) });
    await driver.setDrain(pciBusId, true);
    await driver.remove(pciBusId);
    await cdi.refresh();
    expect(await names()).toHaveLength(16);
    expect(await names()).not.toContain(uuid(3));
    await driver.rediscover();
    await driver.setDrain(pciBusId, false);
    await cdi.refresh();
    expect(await names()).toContain(uuid(3));
  });

  test('keeps what it has while the driver is away: unknown is not gone', async () => {
    const { cdi, names, world } = await setup();
    await cdi.refresh();
    await world.injector.inject({ target: { nodeId: 'node-000' }, kind: 'driver_unloaded' });
    await cdi.refresh();
    expect(await names()).toHaveLength(17);
  });

  test('loses its file with the last card', async () => {
    const { cdi, driver, folder } = await setup();
    await cdi.refresh();
    for (const { pciBusId } of await driver.list()) await driver.setDrain(pciBusId, true);
    await cdi.refresh();
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a card stands in the folder before the list says that it is healthy', async () => {
  const { cdi, inject, names, passTo, uuid, world } = await setup();
  const plugin = withCdi(world.plugin('node-000'), cdi);
  const lists = plugin.listAndWatch(new AbortController().signal)[Symbol.asyncIterator]();
  await nextOf(lists);
  expect(await names()).toContain(uuid(3));
  await inject('lost', 3);
  await nextOf(lists);
  expect(await names()).not.toContain(uuid(3));
  world.host('node-000').perform('cold_reboot');
  passTo('2026-11-21T06:20:00Z');
  let devices = await nextOf(lists);
  while (devices.some(({ health }) => health === 'Unhealthy')) devices = await nextOf(lists);
  expect(await names()).toContain(uuid(3));
});

test('a runtime without CDI is given no names that it would have to look up', async () => {
  const { uuid, world } = await setup();
  const [allocation] = await withoutCdi(world.plugin('node-000')).allocate([{ deviceIds: [uuid(0)] }]);
  expect(allocation?.cdiDevices).toEqual([]);
  expect(allocation?.devices).toHaveLength(3);
});
