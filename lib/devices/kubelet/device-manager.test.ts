import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DriverCode } from '../types.ts';
import { callUnary } from './calls.ts';
import { DeviceManager, type DeviceManagerOptions, type ManagerNews } from './device-manager.ts';
import type { RegisterRequest } from './messages.ts';
import { REGISTRATION } from './protocol.ts';
import { linkPlugin, News, openTestServer, testFolder } from './testing.ts';

const RESOURCE = 'alibabacloud.com/ppu';

async function setup(options: Partial<DeviceManagerOptions> = {}) {
  const folder = await testFolder();
  const news = new News<ManagerNews>();
  const manager = await DeviceManager.open({ folder, report: news.tell, ...options });
  onTestFinished(() => manager.close());
  const server = openTestServer();
  const link = linkPlugin(server.plugin, folder);
  await news.until(({ kind }) => kind === 'listed');
  return { folder, news, manager, server, link };
}

const wish = (pod: string, count: number) => ({
  namespace: 'n',
  pod,
  container: 'main',
  resourceName: RESOURCE,
  count,
});

describe('grants', () => {
  test('follow what the plugin prefers', async () => {
    const { manager, server } = await setup();
    const available = manager.devices(RESOURCE).map(({ id }) => id);
    const [preferred] = await server.plugin.getPreferredAllocation([{ available, mustInclude: [], size: 4 }]);
    expect(preferred).not.toEqual(available.slice(0, 4));
    const { assignment, allocation } = await manager.grant(wish('p', 4));
    expect(assignment.deviceIds).toEqual(preferred);
    expect(allocation.devices).toHaveLength(6);
  });

  test('made in parallel never share a card, and end with what there is', async () => {
    const { manager } = await setup();
    const asked = Array.from({ length: 20 }, (_, i) => manager.grant(wish(`p${i}`, 1)));
    const outcomes = await Promise.allSettled(asked);
    const granted = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value.assignment.deviceIds : [],
    );
    expect([granted.length, new Set(granted).size]).toEqual([16, 16]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual([19, 19, 19, 19]);
  });

  test('of nothing, of too much and of a resource without a plugin are refused by name', async () => {
    const { manager } = await setup();
    for (const count of [0, -1, 1.5, Number.NaN]) {
      await expect(manager.grant(wish('p', count))).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
    }
    await expect(manager.grant(wish('p', 17))).rejects.toMatchObject({ code: DriverCode.IN_USE });
    const unknown = { ...wish('p', 1), resourceName: 'nvidia.com/gpu' };
    await expect(manager.grant(unknown)).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
  });

  test('of a card that was drained in secret fail, hold nothing, and the list that follows says why', async () => {
    const { manager, news, server } = await setup();
    const driver = server.connect();
    await driver.init();
    for (const { pciBusId } of (await driver.list()).slice(1)) await driver.setDrain(pciBusId, true);
    await expect(manager.grant(wish('p', 4))).rejects.toMatchObject({ code: DriverCode.INVALID_STATE });
    expect(manager.assignments).toEqual([]);
    await news.until(() => manager.devices(RESOURCE).filter(({ health }) => health === 'Unhealthy').length === 15);
    await expect(manager.grant(wish('p', 4))).rejects.toMatchObject({ code: DriverCode.IN_USE });
    await manager.grant(wish('p', 1));
  });

  test('stay with their pod when a card turns unhealthy, and are free again after its release', async () => {
    const { manager, news, server } = await setup();
    const { assignment } = await manager.grant(wish('p', 16));
    await server.rig.lose(assignment.deviceIds[0] ?? '');
    await news.until(({ kind }) => kind === 'listed');
    expect(manager.assignments).toEqual([assignment]);
    manager.release('n', 'p');
    manager.release('n', 'p');
    expect(manager.assignments).toEqual([]);
    expect((await manager.grant(wish('q', 15))).assignment.deviceIds).not.toContain(assignment.deviceIds[0]);
  });

  test('that were made before a restart are kept when they are handed over', async () => {
    const { manager } = await setup();
    const { assignment } = await manager.grant(wish('p', 15));
    const later = await setup({ assignments: [assignment] });
    const { assignment: last } = await later.manager.grant(wish('q', 1));
    expect(assignment.deviceIds).not.toContain(last.deviceIds[0]);
    await expect(later.manager.grant(wish('r', 1))).rejects.toMatchObject({ code: DriverCode.IN_USE });
  });
});

describe('a plugin', () => {
  const register = (folder: string, change: Partial<RegisterRequest>) =>
    callUnary(
      path.join(folder, 'kubelet.sock'),
      REGISTRATION.Register,
      { version: 'v1beta1', endpoint: 'x.sock', resource_name: 'nvidia.com/gpu', options: null, ...change },
      { limitMs: 10_000 },
    );

  test.each<[string, Partial<RegisterRequest>]>([
    ['an endpoint outside of the folder', { endpoint: '../x.sock' }],
    ['the endpoint of the kubelet itself', { endpoint: 'kubelet.sock' }],
    ['another version', { version: 'v1' }],
    ['a name that is no extended resource', { resource_name: 'ppu' }],
  ])('with %s is refused and not dialled', async (_, change) => {
    const { folder, manager, news } = await setup();
    await expect(register(folder, change)).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
    expect((await news.next()).kind).toBe('refused');
    expect(manager.devices(change.resource_name ?? 'nvidia.com/gpu')).toEqual([]);
  });

  test('that registers and is not there is gone', async () => {
    const { folder, news } = await setup();
    await register(folder, {});
    const gone = await news.until(({ kind }) => kind === 'gone');
    expect(gone).toMatchObject({ resourceName: 'nvidia.com/gpu', error: { code: DriverCode.NOT_READY } });
  });

  test('that stops leaves its cards unhealthy and its name free, and finds them again when it returns', async () => {
    const { folder, manager, news, link, server } = await setup();
    await link.stop();
    await news.until(({ kind }) => kind === 'gone');
    expect(new Set(manager.devices(RESOURCE).map(({ health }) => health))).toEqual(new Set(['Unhealthy']));
    linkPlugin(server.plugin, folder, { endpoint: 'other.sock' });
    await news.until(({ kind }) => kind === 'listed');
    expect(new Set(manager.devices(RESOURCE).map(({ health }) => health))).toEqual(new Set(['Healthy']));
  });

  test('that registers again is followed anew', async () => {
    const { folder, news } = await setup();
    await rm(path.join(folder, 'alibabacloud.com-ppu.sock'));
    await news.until(({ kind }) => kind === 'registered');
    await news.until(({ kind }) => kind === 'listed');
  });
});
