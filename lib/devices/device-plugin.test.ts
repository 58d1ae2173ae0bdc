import { describe, expect, test } from 'vitest';
import { EventBuffer } from './event-buffer.ts';
import { PPU_CONTAINER } from './containers.ts';
import { CardDevicePlugin } from './device-plugin.ts';
import { at, openTestFleet, withOverrides } from './testing.ts';
import { DriverCode, DriverError, type PluginDevice } from './types.ts';

function setup() {
  const fleet = openTestFleet();
  return { ...fleet, plugin: fleet.world.plugin('node-000') };
}

function unhealthySlots(fleet: ReturnType<typeof setup>, devices: readonly PluginDevice[]): number[] {
  return devices.flatMap(({ id, health }) =>
    health === 'Healthy' ? [] : [fleet.specs[0]?.cards.find((card) => card.uuid === id)?.slot ?? -1],
  );
}

describe('an allocation', () => {
  test('has the common nodes, those of its cards, one ordered list, CDI names and an annotation', async () => {
    const { plugin, uuid } = setup();
    const [allocation] = await plugin.allocate([{ deviceIds: [uuid(5), uuid(2)] }]);
    const visible = [uuid(5), uuid(2)].map((id) => id.replace('GPU-', 'PPU-')).join(',');
    expect(allocation).toEqual({
      envs: { HGGC_VISIBLE_DEVICES: visible, CUDA_VISIBLE_DEVICES: visible },
      annotations: { 'alibabacloud.com/ppu.uuids': `${uuid(5)},${uuid(2)}` },
      cdiDevices: [`alibabacloud.com/ppu=${uuid(5)}`, `alibabacloud.com/ppu=${uuid(2)}`],
      mounts: [],
      devices: ['/dev/alixpu', '/dev/alixpu_ctl', '/dev/alixpu_ppu5', '/dev/alixpu_ppu2'].map((path) => ({
        containerPath: path,
        hostPath: path,
        permissions: 'rw',
      })),
    });
  });

  test('names the nodes of this boot after a reboot', async () => {
    const { plugin, uuid, world, passTo, driver } = setup();
    await plugin.allocate([{ deviceIds: [uuid(0)] }]);
    world.host('node-000').perform('os_reboot');
    passTo('2026-11-21T06:10:00Z');
    const [allocation] = await plugin.allocate([{ deviceIds: [uuid(0)] }]);
    const { deviceNode } = await (await driver()).info({ uuid: uuid(0) });
    expect(deviceNode).not.toBe('/dev/alixpu_ppu0');
    expect(allocation?.devices.at(-1)?.hostPath).toBe(deviceNode);
  });

  test.each([
    ['lost', 3, 3],
    ['kill_overtime', 3, 3],
    ['icn_down', 3, 9],
  ] as const)('is refused after %s on card %i for card %i', async (kind, broken, asked) => {
    const { plugin, uuid, inject } = setup();
    await plugin.allocate([{ deviceIds: [uuid(asked)] }]);
    await inject(kind, broken);
    await expect(plugin.allocate([{ deviceIds: [uuid(asked)] }])).rejects.toMatchObject({
      code: DriverCode.INVALID_STATE,
      uuid: uuid(asked),
    });
  });

  test('of a card that was already gone when the plugin began is refused as unusable, not unknown', async () => {
    const { plugin, uuid, inject } = setup();
    await inject('lost', 3);
    await expect(plugin.allocate([{ deviceIds: [uuid(3)] }])).rejects.toMatchObject({ code: DriverCode.INVALID_STATE });
  });

  test('of a degraded card is granted, and so is what comes before its container', async () => {
    const { plugin, uuid, inject } = setup();
    await inject('cecc_storm', 3);
    await plugin.allocate([{ deviceIds: [uuid(3)] }]);
    await plugin.preStartContainer([uuid(3)]);
  });

  test('of a card that tells nothing is refused', async () => {
    const fleet = setup();
    const mute = () => Promise.reject(new DriverError(DriverCode.TIMEOUT, 'read'));
    const change = { recoveryAction: mute, sample: mute, links: mute };
    const driver = withOverrides(await fleet.driver(), change);
    const plugin = new CardDevicePlugin(driver, PPU_CONTAINER, () => Promise.resolve());
    await expect(plugin.allocate([{ deviceIds: [fleet.uuid(3)] }])).rejects.toMatchObject({
      code: DriverCode.INVALID_STATE,
    });
  });

  test('while the driver is gone is refused', async () => {
    const { plugin, uuid, world } = setup();
    await plugin.allocate([{ deviceIds: [uuid(3)] }]);
    await world.injector.inject({ target: { nodeId: 'node-000' }, kind: 'driver_unloaded' });
    await expect(plugin.allocate([{ deviceIds: [uuid(3)] }])).rejects.toMatchObject({ code: DriverCode.INVALID_STATE });
  });
});

describe('the list', () => {
  test('is full at once, and full again after every change of a verdict that matters to new work', async () => {
    const fleet = setup();
    const { plugin, inject, world, passTo } = fleet;
    const lists = plugin.listAndWatch(new AbortController().signal)[Symbol.asyncIterator]();
    const next = async (): Promise<number[]> => {
      const { value } = await lists.next();
      expect(value).toHaveLength(16);
      return unhealthySlots(fleet, value ?? []);
    };
    expect(await next()).toEqual([]);
    await inject('kill_overtime', 3);
    expect(await next()).toEqual([3]);
    await inject('icn_down', 4);
    expect(await next()).toHaveLength(16);
    world.host('node-000').perform('os_reboot');
    passTo('2026-11-21T06:10:00Z');
    expect(await next()).toEqual([]);
  });

  test.each(['allocate', 'getPreferredAllocation'] as const)(
    'is told again when %s names a card that was drained',
    async (op) => {
      const fleet = setup();
      const { plugin, uuid, driver } = fleet;
      const lists = plugin.listAndWatch(new AbortController().signal)[Symbol.asyncIterator]();
      await lists.next();
      const manager = await driver();
      await manager.setDrain((await manager.info({ uuid: uuid(3) })).pciBusId, true);
      const asked =
        op === 'allocate'
          ? plugin.allocate([{ deviceIds: [uuid(2), uuid(3)] }])
          : plugin.getPreferredAllocation([{ available: [uuid(2), uuid(3)], mustInclude: [], size: 1 }]);
      await expect(asked).rejects.toBeInstanceOf(DriverError);
      expect(unhealthySlots(fleet, (await lists.next()).value ?? [])).toEqual([3]);
    },
  );

  test('ends when it is aborted, also while it waits', async () => {
    const { plugin } = setup();
    const abort = new AbortController();
    const lists = plugin.listAndWatch(abort.signal)[Symbol.asyncIterator]();
    await lists.next();
    const waiting = lists.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
  });

  test('turns all unhealthy when the stream breaks, and recovers after a pause', async () => {
    const fleet = setup();
    const streams: EventBuffer[] = [];
    let pauses = 0;
    const driver = withOverrides(fleet.world.driver('node-000'), {
      events: (mask, signal) => {
        const buffer = new EventBuffer(mask, signal, () => undefined, 4);
        streams.push(buffer);
        return Object.assign(buffer, { completeTo: at('2026-11-21T06:00:00Z') });
      },
    });
    let isDown = false;
    const plugin = new CardDevicePlugin(
      withOverrides(driver, {
        init: () => (isDown ? Promise.reject(new DriverError(DriverCode.TIMEOUT, 'init')) : driver.init()),
      }),
      PPU_CONTAINER,
      async () => {
        pauses += 1;
        isDown = false;
      },
    );
    const lists = plugin.listAndWatch(new AbortController().signal)[Symbol.asyncIterator]();
    await lists.next();
    isDown = true;
    streams[0]?.fail(new DriverError(DriverCode.UNKNOWN, 'events'));
    expect(unhealthySlots(fleet, (await lists.next()).value ?? [])).toHaveLength(16);
    expect(unhealthySlots(fleet, (await lists.next()).value ?? [])).toEqual([]);
    expect(pauses).toBe(1);
  });
});

test('the plugin says what it can do', async () => {
  const { plugin } = setup();
  expect([plugin.resourceName, await plugin.options()]).toEqual([
    'alibabacloud.com/ppu',
    { preStartRequired: false, preferredAllocation: true },
  ]);
});
