import { describe, expect, test } from 'vitest';
import { describeEvent, listen, openTestFleet } from '../testing.ts';
import { DriverCode, type SampleField } from '../types.ts';
import { addLoads, LOADS } from './loads.ts';

async function setup(modelId = 'zw810e') {
  const fleet = openTestFleet({ modelId });
  const device = await fleet.driver();
  const ref = { uuid: fleet.uuid(0) };
  const read = async (field: SampleField): Promise<number> => {
    const reading = (await device.sample(ref, [field]))[field];
    return reading.ok ? reading.value : Number.NaN;
  };
  const start = (): number =>
    fleet.world.host('node-000').spawn({
      uuids: [fleet.uuid(0)],
      name: 'train',
      runSeconds: null,
      exitCode: 0,
      load: 'training',
    });
  return { ...fleet, device, ref, read, start };
}

describe('a power limit', () => {
  test('holds the draw down, shows in the throttle bits, and is announced', async () => {
    const { device, ref, read, start, passTo, uuid } = await setup();
    start();
    const events = listen(device);
    await device.setPowerLimit(ref, 200_000);
    passTo('2026-11-21T06:10:00Z');
    expect(await read('powerLimitMw')).toBe(200_000);
    expect(await read('powerMw')).toBeLessThan(200_000 * 1.02);
    expect((await read('throttleBits')) & 0x4).toBe(0x4);
    expect((await events.heard()).map(describeEvent)).toEqual([`1795240800000 ${uuid(0)} power`]);
  });

  test.each([149_999, 400_001, 200_000.5, Number.NaN])('of %d mW is refused', async (milliwatts) => {
    const { device, ref } = await setup();
    await expect(device.setPowerLimit(ref, milliwatts)).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
  });
});

describe('partitioning a card', () => {
  test('takes its links away at both ends and gives them back', async () => {
    const { device, ref } = await setup();
    const inactive = async (): Promise<number> => {
      const links = await Promise.all((await device.list()).map((card) => device.links(card)));
      return links.flat().filter((link) => link.state === 'inactive').length;
    };
    await device.setPartitionMode(ref, true);
    expect([(await device.info(ref)).mig, await inactive()]).toEqual(['on', 14]);
    await device.setPartitionMode(ref, false);
    expect([(await device.info(ref)).mig, await inactive()]).toEqual(['off', 0]);
  });
});

describe('the fabric', () => {
  test('is not known to a mesh without a switch', async () => {
    const { device, ref } = await setup();
    expect(await device.fabric(ref)).toEqual({ ok: false, code: DriverCode.NOT_SUPPORTED });
  });

  test('of a switched server is one cluster, and limited where a port is down', async () => {
    const { device, inject, uuid } = await setup('m890');
    await inject('icn_down', 0);
    const [broken, whole] = await Promise.all([0, 1].map((slot) => device.fabric({ uuid: uuid(slot) })));
    expect(broken).toMatchObject({ value: { health: 'limited_capacity', state: 'completed' } });
    expect(whole).toMatchObject({ value: { health: 'healthy' } });
    expect(broken?.ok && broken.value.clusterUuid).toBe(whole?.ok && whole.value.clusterUuid);
    const { icnBonded } = await device.topology();
    expect([icnBonded[0]?.[1], icnBonded[1]?.[2]]).toEqual([7, 8]);
  });
});

describe('a handle', () => {
  test('is a client of its own: shutting one down leaves the other', async () => {
    const { device, driver } = await setup();
    const other = await driver();
    await other.shutdown();
    await expect(other.list()).rejects.toMatchObject({ code: DriverCode.UNINITIALIZED });
    expect(await device.list()).toHaveLength(16);
  });

  test('refuses a time limit that is no time, and bus ids that are none', async () => {
    const { device } = await setup();
    await expect(device.list({ timeoutMs: 0 })).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
    await expect(device.setDrain('somewhere', true)).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
    await expect(device.setDrain('00000000:ff:00.0', true)).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
  });

  test('hears nothing on a subscription whose signal was already aborted', async () => {
    const { device, inject } = await setup();
    const stream = device.events(['xid'], AbortSignal.abort());
    await inject('lost', 0);
    expect([stream.pending, (await stream[Symbol.asyncIterator]().next()).done]).toEqual([0, true]);
  });
});

test('what the vendor’s tool does not implement is NOT_SUPPORTED, not 0', async () => {
  const { device, ref } = await setup();
  expect(await device.sample(ref, ['pcieReplay'])).toEqual({
    pcieReplay: { ok: false, code: DriverCode.NOT_SUPPORTED },
  });
});

test('the system names the driver that the inventory gave it', async () => {
  const { device } = await setup();
  expect(await device.system()).toMatchObject({ driver: '2.1.0-ra1f23041713', vendor: 'thead' });
});

test('several processes on a card share it: no share exceeds what the card has', () => {
  expect(addLoads([LOADS.training, LOADS.training])).toEqual({
    utilPct: 100,
    memUtilPct: 100,
    memoryShare: 1,
    powerShare: 1,
    icnShare: 0.9,
  });
  expect(addLoads([])).toEqual({ utilPct: 0, memUtilPct: 0, memoryShare: 0, powerShare: 0, icnShare: 0 });
});
