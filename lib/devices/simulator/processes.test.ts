import { describe, expect, test } from 'vitest';
import type { SpawnRequest } from '../simulation.ts';
import { at, openTestFleet } from '../testing.ts';
import { DriverCode } from '../types.ts';

function setup() {
  const fleet = openTestFleet();
  const host = fleet.world.host('node-000');
  const spawn = (slots: readonly number[], changes: Partial<SpawnRequest> = {}): number =>
    host.spawn({
      uuids: slots.map(fleet.uuid),
      name: 'train',
      runSeconds: 3_600,
      exitCode: 0,
      load: 'training',
      ...changes,
    });
  return { ...fleet, host, spawn };
}

describe('a process', () => {
  test('runs for its seconds, exits with its code at its own instant, and was due all along', () => {
    const { world, host, spawn, passTo } = setup();
    const pid = spawn([0, 1], { exitCode: 3 });
    expect(world.nextEventAt()).toBe(at('2026-11-21T07:00:00Z'));
    passTo('2026-11-21T06:59:59.999Z');
    expect(host.process(pid)).toEqual({ state: 'running', startedAt: at('2026-11-21T06:00:00Z') });
    passTo('2026-11-21T09:00:00Z');
    expect(host.process(pid)).toMatchObject({ state: 'exited', code: 3, at: at('2026-11-21T07:00:00Z') });
    expect(world.nextEventAt()).toBeNull();
  });

  test('without a run time runs until it is killed', () => {
    const { host, spawn, passTo } = setup();
    const pid = spawn([0], { runSeconds: null });
    passTo('2026-12-21T06:00:00Z');
    expect(host.process(pid)).toMatchObject({ state: 'running' });
    expect(host.kill(pid, 'SIGKILL')).toBe(true);
    expect(host.process(pid)).toMatchObject({ state: 'killed', reason: 'signal', at: at('2026-12-21T06:00:00Z') });
    expect(host.kill(pid, 'SIGKILL')).toBe(false);
  });

  test('asked to stop exits with 143 after its stop time, unless it was done before', () => {
    const { host, spawn, passTo } = setup();
    const slow = spawn([0], { stopSeconds: 30 });
    const done = spawn([1], { stopSeconds: 30, runSeconds: 10 });
    host.kill(slow, 'SIGTERM');
    host.kill(done, 'SIGTERM');
    passTo('2026-11-21T06:00:10Z');
    host.kill(slow, 'SIGTERM');
    passTo('2026-11-21T06:01:00Z');
    expect(host.process(slow)).toMatchObject({ state: 'exited', code: 143, at: at('2026-11-21T06:00:30Z') });
    expect(host.process(done)).toMatchObject({ state: 'exited', code: 0, at: at('2026-11-21T06:00:10Z') });
  });

  test('is unknown under a pid that was never given out', () => {
    const { host } = setup();
    expect(host.process(1)).toBeNull();
    expect(host.kill(1, 'SIGTERM')).toBe(false);
  });

  test('shows on its cards and nowhere else, with memory, power, heat, clocks and traffic', async () => {
    const { spawn, driver, passTo, uuid } = setup();
    const device = await driver();
    const look = async (slot: number) =>
      device.sample({ uuid: uuid(slot) }, [
        'utilPct',
        'memUsedBytes',
        'powerMw',
        'tempC',
        'cuClockMhz',
        'throttleBits',
      ]);
    const numberOf = async (slot: number, field: keyof Awaited<ReturnType<typeof look>>): Promise<number> => {
      const reading = (await look(slot))[field];
      return reading.ok ? reading.value : Number.NaN;
    };
    const idle = await look(0);
    spawn([0, 1]);
    passTo('2026-11-21T06:10:00Z');
    expect(await numberOf(0, 'utilPct')).toBeGreaterThan(90);
    expect(await numberOf(0, 'memUsedBytes')).toBeGreaterThan(90e9);
    expect(await numberOf(0, 'powerMw')).toBeGreaterThan(360_000);
    expect(await numberOf(0, 'tempC')).toBeGreaterThan(60);
    expect([await numberOf(0, 'cuClockMhz'), await numberOf(0, 'throttleBits')]).toEqual([1_700, 0]);
    expect([await numberOf(2, 'utilPct'), await numberOf(2, 'memUsedBytes'), await numberOf(2, 'cuClockMhz')]).toEqual([
      0, 0, 200,
    ]);
    const flows = (await device.links({ uuid: uuid(0) })).filter(({ txMegabytesPerSec: tx }) => tx.ok && tx.value > 0);
    expect(flows).toHaveLength(2);
    expect(await device.processes({ uuid: uuid(1) })).toMatchObject([{ name: 'train' }]);
    passTo('2026-11-21T08:00:00Z');
    expect(await numberOf(0, 'tempC')).toBe(idle.tempC.ok ? Math.round(idle.tempC.value) : -1);
    expect(await device.processes({ uuid: uuid(1) })).toEqual([]);
  });
});

describe('a host refuses to start a process', () => {
  test.each<[string, (fleet: ReturnType<typeof setup>) => unknown, DriverCode]>([
    ['without cards', ({ spawn }) => spawn([]), DriverCode.INVALID_ARGUMENT],
    ['twice on one card', ({ spawn }) => spawn([0, 0]), DriverCode.INVALID_ARGUMENT],
    ['for less than no time', ({ spawn }) => spawn([0], { runSeconds: -1 }), DriverCode.INVALID_ARGUMENT],
    ['on a card of nobody', ({ spawn }) => spawn([], { uuids: ['GPU-none'] }), DriverCode.NOT_FOUND],
  ])('%s', (_name, start, code) => {
    expect(() => start(setup())).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['lost', DriverCode.DEVICE_LOST],
    ['kill_overtime', DriverCode.RESET_REQUIRED],
  ] as const)('on a card with %s', async (kind, code) => {
    const { inject, spawn } = setup();
    await inject(kind, 0);
    expect(() => spawn([0])).toThrow(expect.objectContaining({ code }));
    expect(spawn([1])).toBeGreaterThan(0);
  });

  test('on a drained card, where what runs goes on', async () => {
    const { driver, spawn, host } = setup();
    const device = await driver();
    const pid = spawn([0]);
    const [card] = await device.list();
    await device.setDrain(card?.pciBusId ?? '', true);
    expect(() => spawn([0])).toThrow(expect.objectContaining({ code: DriverCode.INVALID_STATE }));
    expect(host.process(pid)).toMatchObject({ state: 'running' });
  });
});

describe('pace', () => {
  test.each([
    ['half speed doubles what is left of the run', 'silent_slow', '2026-11-21T07:30:00Z'],
    ['full speed leaves it as it was', 'cecc_storm', '2026-11-21T07:00:00Z'],
  ] as const)('%s', async (_name, kind, endAt) => {
    const { inject, spawn, passTo, world } = setup();
    spawn([0, 1]);
    passTo('2026-11-21T06:30:00Z');
    await inject(kind, 1);
    expect(world.nextEventAt()).toBe(at(endAt));
  });

  test('a group on a broken wire hangs, one card alone does not notice', async () => {
    const { inject, spawn, host, passTo } = setup();
    const group = spawn(Array.from({ length: 16 }, (_, slot) => slot));
    const alone = spawn([0]);
    await inject('icn_down', 0);
    passTo('2026-11-21T12:00:00Z');
    expect(host.process(group)).toMatchObject({ state: 'running' });
    expect(host.process(alone)).toMatchObject({ state: 'exited' });
  });
});

test('a host forgets only the oldest of many ended processes', () => {
  const { host, spawn } = setup();
  const running = spawn([1], { runSeconds: null });
  const pids = Array.from({ length: 1_100 }, () => {
    const pid = spawn([0]);
    host.kill(pid, 'SIGKILL');
    return pid;
  });
  expect(host.process(pids[0] ?? 0)).toBeNull();
  expect(host.process(pids[1_099] ?? 0)).toMatchObject({ state: 'killed' });
  expect(host.process(running)).toMatchObject({ state: 'running' });
});
