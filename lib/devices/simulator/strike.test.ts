import { describe, expect, test } from 'vitest';
import { describeEvent, listen, openTestFleet } from '../testing.ts';
import type { FaultKind } from '../fault-types.ts';
import { DriverCode, type SampleField } from '../types.ts';

async function setup() {
  const fleet = openTestFleet();
  const driver = await fleet.driver();
  const events = listen(driver);
  /** What is heard of a fault, without instants; `card` and `other` stand for uuids. */
  const heard = async (): Promise<string[]> =>
    (await events.heard()).map((event) => {
      const [, ...words] = describeEvent(event).split(' ');
      return words.join(' ').replace(fleet.uuid(3), 'card');
    });
  const ref = { uuid: fleet.uuid(3) };
  const read = async (field: SampleField): Promise<number | string> => {
    const reading = (await driver.sample(ref, [field]))[field];
    return reading.ok ? reading.value : `code ${reading.code}`;
  };
  const pid = fleet.world.host('node-000').spawn({
    uuids: [fleet.uuid(3)],
    name: 'train',
    runSeconds: null,
    exitCode: 0,
    load: 'training',
  });
  const job = (): string => {
    const process = fleet.world.host('node-000').process(pid);
    return process?.state === 'killed' ? process.reason : (process?.state ?? 'forgotten');
  };
  return { ...fleet, device: driver, heard, read, ref, job };
}

describe('what a fault shows and does', () => {
  test.each<[FaultKind, string[], string]>([
    ['lost', ['card xid 16257', 'card unavailable', 'card recovery_action cold_reboot'], 'device_lost'],
    ['kill_overtime', ['card xid 16256', 'card recovery_action device_reset'], 'device_blocked'],
    ['icn_down', ['card xid 4480', 'card recovery_action node_reboot'], 'running'],
    ['app_xid', ['card xid 1666'], 'application_fault'],
    ['thermal', ['card clock'], 'running'],
    ['icn_half_width', [], 'running'],
    ['retirement_failed', ['card retirement true', 'card recovery_action drain_and_reset'], 'running'],
    ['silent_slow', [], 'running'],
    ['sdc', [], 'running'],
  ])('%s', async (kind, surface, job) => {
    const fleet = await setup();
    await fleet.inject(kind, 3);
    expect(await fleet.heard()).toEqual(surface);
    expect(fleet.job()).toBe(job);
  });

  test('an uncorrectable error in HBM: two XIDs, a retired page, less memory, a dead job, nothing to repair', async () => {
    const { inject, heard, job, read, device, ref } = await setup();
    const before = await read('memUsableBytes');
    await inject('hbm_uecc', 3);
    const [first, second, ...rest] = await heard();
    expect(first).toMatch(/^card xid (4997|5005)$/);
    expect(second).toMatch(/^card xid (642|1154|1665|1922)$/);
    expect(rest).toEqual(['card ecc 2', 'card retirement false']);
    expect(job()).toBe('uncorrectable_ecc');
    expect([await read('eccUncVol'), await read('pagesRetired'), await read('remapPending')]).toEqual([1, 1, 1]);
    expect(Number(before) - Number(await read('memUsableBytes'))).toBe(2 * 1_048_576);
    expect(await device.recoveryAction(ref)).toMatchObject({ value: 'none' });
  });

  test.each(['hbm_uecc', 'sram_ecc'] as const)(
    'a second %s within a day asks for a reset, one later does not',
    async (kind) => {
      const { inject, passTo, device, ref } = await setup();
      await inject(kind, 3);
      passTo('2026-11-22T06:00:00.001Z');
      await inject(kind, 3);
      expect(await device.recoveryAction(ref)).toMatchObject({ value: 'none' });
      passTo('2026-11-23T06:00:00Z');
      await inject(kind, 3);
      expect(await device.recoveryAction(ref)).toMatchObject({ value: 'device_reset' });
    },
  );

  test('a storm of correctable errors leaves the job running and shows in the counters', async () => {
    const { inject, heard, job, read } = await setup();
    await inject('cecc_storm', 3);
    expect((await heard()).map((line) => line.replace(/4996|5004/, 'n'))).toEqual(['card xid n', 'card ecc 1 true']);
    expect(job()).toBe('running');
    expect(Number(await read('eccCorVol'))).toBeGreaterThan(10_000);
  });

  test('a lost card and a blocked one answer every reading with their code', async () => {
    const { inject, read, device, ref, uuid } = await setup();
    await inject('lost', 3);
    expect(await read('tempC')).toBe(`code ${DriverCode.DEVICE_LOST}`);
    await expect(device.info(ref)).rejects.toMatchObject({ code: DriverCode.DEVICE_LOST, op: 'info', uuid: uuid(3) });
    await inject('kill_overtime', 4);
    expect((await device.sample({ uuid: uuid(4) }, ['tempC'])).tempC).toEqual({
      ok: false,
      code: DriverCode.RESET_REQUIRED,
    });
  });

  test('a wire that breaks is inactive at both ends, and half a wire carries half at both', async () => {
    const { inject, device, ref, uuid } = await setup();
    await inject('icn_down', 3);
    await inject('icn_half_width', 9);
    const all = await Promise.all((await device.list()).map((card) => device.links(card)));
    expect(all.flat().filter((link) => link.state === 'inactive')).toHaveLength(2);
    expect(all.flat().filter((link) => link.lanes.ok && link.lanes.value === 8)).toHaveLength(2);
    expect((await device.links(ref)).map((link) => link.downCount.ok && link.downCount.value)).toContain(1);
    expect(
      (await device.links({ uuid: uuid(9) })).some(
        (link) => link.gigabytesPerSec.ok && link.gigabytesPerSec.value === 25,
      ),
    ).toBe(true);
  });

  test('heat throttles, slows the clock and passes by itself', async () => {
    const { inject, read, heard, world, passTo } = await setup();
    await inject('thermal', 3);
    await heard();
    expect([0x20, 0x40]).toContain(await read('throttleBits'));
    expect(Number(await read('cuClockMhz'))).toBeLessThan(1_700);
    passTo('2026-11-21T06:09:00Z');
    expect(Number(await read('tempC'))).toBeGreaterThanOrEqual(85);
    expect(world.openFaults()).toHaveLength(1);
    passTo('2026-11-21T10:00:00Z');
    expect(await heard()).toEqual(['card clock']);
    expect([await read('throttleBits'), world.openFaults()]).toEqual([0, []]);
  });

  test.each([
    ['driver_unloaded', DriverCode.DRIVER_NOT_LOADED],
    ['lib_mismatch', DriverCode.LIB_RM_MISMATCH],
  ] as const)('%s blinds the server while its jobs go on', async (kind, code) => {
    const { world, device, heard, job } = await setup();
    await world.injector.inject({ target: { nodeId: 'node-000' }, kind });
    expect(await heard()).toEqual(['- driver false']);
    await expect(device.list()).rejects.toMatchObject({ code });
    expect((await device.presence()).every((entry) => entry.state === 'present')).toBe(true);
    expect(job()).toBe('running');
  });
});

describe('a card that vfio-pci holds', () => {
  test('stays on the bus, is unknown to its driver, takes its links away, and comes back when it is given back', async () => {
    const { world, device, heard, inject, uuid } = await setup();
    const ref = { uuid: uuid(5) };
    const { pciBusId } = await device.info(ref);
    const id = await inject('vfio_bound', 5);
    expect((await heard()).map((line) => line.replace(uuid(5), 'five'))).toEqual(['five driver false']);
    expect((await device.list()).map((card) => card.uuid)).not.toContain(uuid(5));
    expect((await device.presence()).find((entry) => entry.uuid === uuid(5))?.state).toBe('present');
    for (const call of [
      device.info(ref),
      device.links(ref),
      device.reset(ref, 'ppu'),
      device.setDrain(pciBusId, true),
    ]) {
      await expect(call).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
    }
    const links = await Promise.all((await device.list()).map((card) => device.links(card)));
    expect(links.flat().filter((link) => link.state === 'inactive')).toHaveLength(7);
    expect(() =>
      world.host('node-000').spawn({ uuids: [uuid(5)], name: 'x', runSeconds: 1, exitCode: 0, load: 'idle' }),
    ).toThrow(expect.objectContaining({ code: DriverCode.NOT_FOUND }));
    await inject('lost', 5);
    expect(world.openFaults()).toHaveLength(1);
    await heard();
    await world.injector.clear(id);
    expect((await heard()).map((line) => line.replace(uuid(5), 'five'))).toEqual(['five driver true']);
    expect(await device.info(ref)).toMatchObject({ pciBusId });
  });

  test('was idle: a card that works is not taken', async () => {
    const { world, inject, job } = await setup();
    await inject('vfio_bound', 3);
    expect([world.openFaults(), job()]).toEqual([[], 'running']);
  });
});

describe('a fault is not struck', () => {
  test('twice, nor on a lost card, nor where a driver is already gone', async () => {
    const { inject, heard, world } = await setup();
    await inject('lost', 3);
    await heard();
    for (const kind of ['lost', 'hbm_uecc', 'thermal'] as const) await inject(kind, 3);
    expect(await heard()).toEqual([]);
    for (const kind of ['lib_mismatch', 'driver_unloaded'] as const) {
      await world.injector.inject({ target: { nodeId: 'node-000' }, kind });
    }
    expect(world.openFaults().map((fault) => fault.kind)).toEqual(['lib_mismatch', 'lost']);
  });
});
