import { describe, expect, test } from 'vitest';
import type { HostAction } from '../simulation.ts';
import { at, describeEvent, listen, openTestFleet } from '../testing.ts';
import { type FaultKind, NODE_FAULT_KINDS } from '../fault-types.ts';
import { DriverCode } from '../types.ts';

type Remedy = 'device_reset' | HostAction;
const REMEDIES: readonly Remedy[] = ['driver_restart', 'driver_reinstall', 'device_reset', 'os_reboot', 'cold_reboot'];

function setup() {
  const fleet = openTestFleet();
  const host = fleet.world.host('node-000');
  const apply = async (remedy: Remedy): Promise<void> => {
    if (remedy === 'device_reset') return (await fleet.driver()).reset({ uuid: fleet.uuid(3) }, 'ppu');
    host.perform(remedy);
    fleet.passTo('2026-11-21T06:30:00Z');
  };
  const strike = (kind: FaultKind): Promise<string> => {
    const isOfNode = NODE_FAULT_KINDS.some((candidate) => candidate === kind);
    const target = isOfNode ? { nodeId: 'node-000' } : { uuid: fleet.uuid(3) };
    return fleet.world.injector.inject({ target, kind });
  };
  return { ...fleet, host, apply, strike };
}

/** Which remedies mend which fault. A reset under an unloaded driver, or of a lost or undrained card, is refused. */
const MENDED_BY: readonly (readonly [FaultKind, readonly Remedy[]])[] = [
  ['lost', ['cold_reboot']],
  ['cecc_storm', ['device_reset', 'os_reboot', 'cold_reboot']],
  ['kill_overtime', ['device_reset', 'os_reboot', 'cold_reboot']],
  ['icn_down', ['os_reboot', 'cold_reboot']],
  ['icn_half_width', ['os_reboot', 'cold_reboot']],
  ['silent_slow', ['cold_reboot']],
  ['sdc', ['cold_reboot']],
  ['vfio_bound', ['os_reboot', 'cold_reboot']],
  ['retirement_failed', ['os_reboot', 'cold_reboot']],
  ['driver_unloaded', ['driver_restart', 'driver_reinstall', 'os_reboot', 'cold_reboot']],
  ['lib_mismatch', ['driver_restart', 'driver_reinstall', 'os_reboot', 'cold_reboot']],
];

describe.each(MENDED_BY)('%s', (kind, mending) => {
  test.each(REMEDIES)('under %s', async (remedy) => {
    const { apply, strike, world } = setup();
    await strike(kind);
    await apply(remedy).catch(() => undefined);
    expect(world.openFaults()).toHaveLength(mending.includes(remedy) ? 0 : 1);
  });
});

describe('a repeated memory error', () => {
  test('is mended by a reset, which clears what is volatile and keeps what is for life', async () => {
    const { apply, strike, driver, uuid } = setup();
    await strike('hbm_uecc');
    await strike('hbm_uecc');
    await apply('device_reset');
    const device = await driver();
    const ref = { uuid: uuid(3) };
    expect(await device.recoveryAction(ref)).toMatchObject({ value: 'none' });
    expect(await device.sample(ref, ['eccUncVol', 'eccUncAgg', 'pagesRetired', 'remapPending'])).toMatchObject({
      eccUncVol: { value: 0 },
      eccUncAgg: { value: 2 },
      pagesRetired: { value: 2 },
      remapPending: { value: 0 },
    });
  });
});

describe('a reset', () => {
  test('is refused while any card of the server is held: the vendor wants the whole server idle', async () => {
    const { apply, strike, host, uuid } = setup();
    await strike('kill_overtime');
    const pid = host.spawn({ uuids: [uuid(15)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    await expect(apply('device_reset')).rejects.toMatchObject({ code: DriverCode.IN_USE });
    host.kill(pid, 'SIGKILL');
    await apply('device_reset');
  });

  test('of the interconnect alone mends no fault', async () => {
    const { strike, driver, uuid, world } = setup();
    await strike('kill_overtime');
    await (await driver()).reset({ uuid: uuid(3) }, 'icn');
    expect(world.openFaults()).toHaveLength(1);
  });

  test('says so: the recovery action is none again', async () => {
    const { apply, strike, driver, uuid } = setup();
    await strike('kill_overtime');
    const events = listen(await driver());
    await apply('device_reset');
    expect((await events.heard()).map(describeEvent)).toEqual([`1795240800000 ${uuid(3)} recovery_action none`]);
  });
});

describe('what asks for drain and reset', () => {
  test('is refused a reset before the drain and while work runs, in that order, and is mended by the right one', async () => {
    const { strike, driver, host, uuid, world } = setup();
    const device = await driver();
    const ref = { uuid: uuid(3) };
    const { pciBusId } = await device.info(ref);
    await strike('retirement_failed');
    expect(await device.recoveryAction(ref)).toMatchObject({ value: 'drain_and_reset' });
    const pid = host.spawn({ uuids: [uuid(3)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    await expect(device.reset(ref, 'ppu')).rejects.toMatchObject({ code: DriverCode.INVALID_STATE });
    await device.setDrain(pciBusId, true);
    await expect(device.reset(ref, 'ppu')).rejects.toMatchObject({ code: DriverCode.IN_USE });
    host.kill(pid, 'SIGKILL');
    await device.reset({ pciBusId }, 'ppu');
    expect(world.openFaults()).toEqual([]);
    await expect(device.info(ref)).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
    await device.setDrain(pciBusId, false);
    expect(await device.recoveryAction(ref)).toMatchObject({ value: 'none' });
  });

  test('lets jobs go on', async () => {
    const { strike, host, uuid } = setup();
    const pid = host.spawn({ uuids: [uuid(3)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    await strike('retirement_failed');
    expect(host.process(pid)).toMatchObject({ state: 'running' });
  });

  test('no longer wants a drain where another fault asks for more', async () => {
    const { strike, driver, uuid, world } = setup();
    await strike('retirement_failed');
    await strike('kill_overtime');
    await (await driver()).reset({ uuid: uuid(3) }, 'ppu');
    expect(world.openFaults()).toEqual([]);
  });
});

describe('a monitor', () => {
  test('is nobody’s compute process, and blocks resets, removals and loading the driver until it is stopped', async () => {
    const { driver, host, uuid } = setup();
    const device = await driver();
    const ref = { uuid: uuid(3) };
    const { pciBusId } = await device.info(ref);
    const pid = host.startMonitor('exporter');
    expect(await device.processes(ref)).toEqual([]);
    expect(host.holders()).toEqual([{ pid, name: 'exporter', kind: 'monitor' }]);
    await expect(device.reset(ref, 'ppu')).rejects.toMatchObject({ code: DriverCode.IN_USE });
    for (const action of ['driver_restart', 'driver_reinstall'] as const) {
      expect(() => host.perform(action)).toThrow(expect.objectContaining({ code: DriverCode.IN_USE }));
    }
    await device.setDrain(pciBusId, true);
    await expect(device.remove(pciBusId)).rejects.toMatchObject({ code: DriverCode.IN_USE });
    expect([host.kill(pid, 'SIGTERM'), host.kill(pid, 'SIGTERM'), host.holders()]).toEqual([true, false, []]);
    await device.reset(ref, 'ppu');
    await device.remove(pciBusId);
  });

  test('is there again after a reboot, under another pid, and jobs are not', () => {
    const { host, uuid, passTo } = setup();
    const pid = host.startMonitor('exporter');
    host.spawn({ uuids: [uuid(3)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    expect(host.holders().map(({ kind }) => kind)).toEqual(['monitor', 'process']);
    host.perform('os_reboot');
    passTo('2026-11-21T06:30:00Z');
    expect(host.holders()).toMatchObject([{ name: 'exporter', kind: 'monitor' }]);
    expect(host.holders()[0]?.pid).not.toBe(pid);
  });
});

describe('an old driver in the boot image', () => {
  const kinds = (fleet: ReturnType<typeof setup>) => fleet.world.openFaults().map(({ kind }) => kind);

  test('shows nothing until a reboot brings it back, and each one after it', async () => {
    const fleet = setup();
    const device = await fleet.driver();
    const events = listen(device);
    await fleet.strike('stale_initramfs');
    expect([await events.heard(), (await device.list()).length]).toEqual([[], 16]);
    await fleet.apply('os_reboot');
    await expect(device.list()).rejects.toMatchObject({ code: DriverCode.LIB_RM_MISMATCH });
    expect((await events.heard()).map(describeEvent)).toEqual([
      `${at('2026-11-21T06:00:00Z')} - driver false`,
      `${at('2026-11-21T06:04:00Z')} - driver true`,
    ]);
    fleet.host.perform('driver_restart');
    fleet.passTo('2026-11-21T06:31:00Z');
    expect([kinds(fleet), (await device.list()).length]).toEqual([['stale_initramfs'], 16]);
    fleet.host.perform('cold_reboot');
    fleet.passTo('2026-11-21T06:50:00Z');
    expect(kinds(fleet)).toEqual(['stale_initramfs', 'lib_mismatch']);
  });

  test('is gone for good when the driver is installed anew', async () => {
    const fleet = setup();
    await fleet.strike('stale_initramfs');
    await fleet.apply('driver_reinstall');
    expect(kinds(fleet)).toEqual([]);
    fleet.host.perform('os_reboot');
    fleet.passTo('2026-11-21T06:40:00Z');
    expect(await (await fleet.driver()).list()).toHaveLength(16);
  });

  test('comes to a server whose driver is gone too, and going away it says nothing', async () => {
    const fleet = setup();
    await fleet.strike('driver_unloaded');
    const id = await fleet.strike('stale_initramfs');
    expect(kinds(fleet)).toEqual(['driver_unloaded', 'stale_initramfs']);
    fleet.host.perform('driver_restart');
    fleet.passTo('2026-11-21T06:01:00Z');
    const events = listen(await fleet.driver());
    await fleet.world.injector.clear(id);
    expect([kinds(fleet), await events.heard()]).toEqual([[], []]);
  });

  test('can be cleared with what it led to', async () => {
    const fleet = setup();
    const id = await fleet.strike('stale_initramfs');
    await fleet.apply('os_reboot');
    await fleet.world.injector.clear(id);
    expect([kinds(fleet), (await (await fleet.driver()).list()).length]).toEqual([[], 16]);
  });
});

describe('a reboot', () => {
  test('kills the jobs, takes the driver away for minutes, and announces who is well again at its end', async () => {
    const { strike, host, driver, uuid, passTo, world } = setup();
    await strike('icn_down');
    const pid = host.spawn({ uuids: [uuid(5)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    const device = await driver();
    const events = listen(device);
    expect(host.perform('os_reboot')).toBe(at('2026-11-21T06:04:00Z'));
    expect(world.nextEventAt()).toBe(at('2026-11-21T06:04:00Z'));
    expect(host.process(pid)).toMatchObject({ state: 'killed', reason: 'server_reboot' });
    await expect(device.list()).rejects.toMatchObject({ code: DriverCode.DRIVER_NOT_LOADED });
    passTo('2026-11-21T06:04:00Z');
    expect((await events.heard()).map(describeEvent)).toEqual([
      `${at('2026-11-21T06:00:00Z')} - driver false`,
      `${at('2026-11-21T06:04:00Z')} - driver true`,
      `${at('2026-11-21T06:04:00Z')} ${uuid(3)} recovery_action none`,
    ]);
  });

  test('changes indices but no identities, undrains, and counts energy anew', async () => {
    const { apply, driver } = setup();
    const device = await driver();
    const before = await device.list();
    await device.setDrain(before[5]?.pciBusId ?? '', true);
    await apply('os_reboot');
    const after = await device.list();
    expect(after.map((card) => card.uuid).sort()).toEqual(before.map((card) => card.uuid).sort());
    expect(after.map((card) => card.uuid)).not.toEqual(before.map((card) => card.uuid));
    expect(after.every((card) => card.minor === card.index + 1)).toBe(true);
    const { energyMj } = await device.sample({ index: 0 }, ['energyMj']);
    const sinceDriverCameBackSeconds = 1_560;
    expect(energyMj.ok && energyMj.value / 1_000 / sinceDriverCameBackSeconds).toBeLessThan(97 * 1.02);
  });

  test('waits for no second one, and a driver is not restarted under a job', () => {
    const { host, uuid, passTo } = setup();
    const pid = host.spawn({ uuids: [uuid(5)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
    expect(() => host.perform('driver_restart')).toThrow(expect.objectContaining({ code: DriverCode.IN_USE }));
    host.kill(pid, 'SIGKILL');
    host.perform('driver_restart');
    expect(() => host.perform('cold_reboot')).toThrow(expect.objectContaining({ code: DriverCode.INVALID_STATE }));
    passTo('2026-11-21T06:00:20Z');
    host.perform('cold_reboot');
  });
});
