import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import { at, openTestFleet, withOverrides } from '../testing.ts';
import { type FaultKind, NODE_FAULT_KINDS } from '../fault-types.ts';
import { type DeviceDriver, DriverCode, DriverError } from '../types.ts';
import { FleetWatch } from '../watch.ts';
import { RepairDesk } from './repair-desk.ts';

/** One server with an exporter, ops, and a clock that goes from one thing to the next. */
async function setup(change: (driver: DeviceDriver) => Partial<DeviceDriver> = () => ({})) {
  const fleet = openTestFleet();
  const plain = await fleet.driver();
  const driver = withOverrides(plain, change(plain));
  const watch = new FleetWatch(new Map([['node-000', driver]]));
  const host = fleet.world.host('node-000');
  host.startMonitor('exporter');
  const done: string[] = [];
  const note = (what: unknown, when: unknown, _node: unknown, ...rest: unknown[]): void => {
    done.push([toIso(when as Instant).slice(11, 16), what, ...rest].join(' '));
  };
  const desk = new RepairDesk(fleet.specs, { watch, hostOf: fleet.world.host, driverOf: () => driver, note });
  let now = at('2026-11-21T06:00:00Z');
  const observe = async (): Promise<void> => {
    await watch.settled();
    for (const each of watch.take()) desk.hear(each, now);
  };
  await observe();
  return {
    ...fleet,
    desk,
    host,
    done,
    strike: async (kind: FaultKind): Promise<void> => {
      const isOfNode = NODE_FAULT_KINDS.some((own) => own === kind);
      const target = isOfNode ? { nodeId: 'node-000' } : { uuid: fleet.uuid(3) };
      await fleet.world.injector.inject({ target, kind });
      await watch.reread();
      await observe();
    },
    /** Until nothing is left to do. */
    runOut: async (): Promise<void> => {
      for (let next = desk.nextAt(); next !== null; next = desk.nextAt()) {
        now = next;
        fleet.passTo(toIso(now));
        await observe();
        await desk.act(now);
        await observe();
      }
    },
    reasons: () => fleet.specs[0]?.cards.map(({ uuid }) => present(watch.verdict(uuid), uuid).reason) ?? [],
  };
}

describe('ops bring back', () => {
  test.each<[FaultKind, string[]]>([
    ['kill_overtime', ['06:10 repair reset', '06:10 closed']],
    ['retirement_failed', ['06:10 repair reset', '06:10 closed']],
    ['cecc_storm', ['06:10 repair reset', '06:10 closed']],
    ['icn_down', ['06:30 repair os_reboot', '06:34 closed']],
    ['lost', ['07:00 repair cold_reboot', '07:10 closed']],
    ['vfio_bound', ['06:30 repair os_reboot', '06:34 closed']],
    ['driver_unloaded', ['06:05 repair driver_restart', '06:05 closed']],
    ['lib_mismatch', ['06:05 repair driver_restart', '06:05 closed']],
  ])('%s by what it asks for', async (kind, done) => {
    const own = await setup();
    await own.strike(kind);
    await own.runOut();
    expect(own.done).toEqual(done);
    expect(own.world.openFaults()).toEqual([]);
    expect(new Set(own.reasons())).toEqual(new Set(['none']));
  });

  test('what shows by no event is left for the night', async () => {
    const own = await setup();
    await own.strike('icn_half_width');
    expect(toIso(own.desk.nextAt() ?? expect.fail('a case'))).toBe('2026-11-22T06:00:00.000Z');
    await own.runOut();
    expect(own.done).toEqual(['06:00 repair os_reboot', '06:04 closed']);
  });

  test('an old driver that a reboot brought back, for good', async () => {
    const own = await setup();
    await own.strike('stale_initramfs');
    await own.strike('icn_down');
    await own.runOut();
    expect(own.done).toEqual(['06:30 repair os_reboot', '06:39 repair driver_reinstall', '06:42 closed']);
    expect(own.world.openFaults()).toEqual([]);
  });

  test('a card that got worse before its repair, once and by the stronger one', async () => {
    const own = await setup();
    await own.strike('kill_overtime');
    await own.strike('lost');
    await own.runOut();
    expect(own.done).toEqual(['07:00 repair cold_reboot', '07:10 closed']);
    expect(own.desk.mttrHours).toBeCloseTo(70 / 60, 6);
  });
});

describe('an exporter', () => {
  test.each(['kill_overtime', 'driver_unloaded', 'icn_down'] as const)('is there again after %s', async (kind) => {
    const own = await setup();
    await own.strike(kind);
    await own.runOut();
    expect(own.host.holders()).toMatchObject([{ name: 'exporter', kind: 'monitor' }]);
    expect(own.desk.refusals).toEqual({});
  });
});

describe('a repair', () => {
  test('that is refused is tried again, and the exporter runs meanwhile', async () => {
    const own = await setup();
    await own.strike('kill_overtime');
    const pid = own.host.spawn({ uuids: [own.uuid(9)], name: 'x', runSeconds: 900, exitCode: 0, load: 'idle' });
    await own.runOut();
    expect(own.done).toEqual(['06:10 refused reset: 19', '06:20 repair reset', '06:20 closed']);
    expect(own.host.process(pid)).toMatchObject({ state: 'exited', code: 0 });
    expect(own.host.holders()).toMatchObject([{ name: 'exporter' }]);
  });

  test('of a drained card that is refused leaves it drained until the work is over, and is not forgotten', async () => {
    const own = await setup();
    await own.strike('retirement_failed');
    own.host.spawn({ uuids: [own.uuid(3)], name: 'x', runSeconds: 1_500, exitCode: 0, load: 'idle' });
    await own.runOut();
    expect(own.done).toEqual([
      '06:10 refused reset: 19',
      '06:20 refused reset: 19',
      '06:30 repair reset',
      '06:30 closed',
    ]);
    expect([own.world.openFaults(), new Set(own.reasons())]).toEqual([[], new Set(['none'])]);
  });

  test('that does not help is followed by stronger ones', async () => {
    const own = await setup(() => ({ reset: async () => undefined }));
    await own.strike('kill_overtime');
    await own.runOut();
    expect(own.done).toEqual([
      '06:10 repair reset',
      '06:20 repair driver_restart',
      '06:30 repair driver_reinstall',
      '06:43 repair os_reboot',
      '06:47 closed',
    ]);
  });

  test('is given up when nothing is left to try, and the server is left alone', async () => {
    const own = await setup(() => ({
      recoveryAction: async () => ({ ok: true, value: 'cold_reboot', at: at('2026-11-21T06:00:00Z') }),
    }));
    await own.strike('kill_overtime');
    await own.runOut();
    expect([own.done.at(-1), own.desk.abandoned, own.desk.openCases]).toEqual(['08:10 given up', 1, 0]);
    await own.strike('lost');
    expect(own.desk.nextAt()).toBeNull();
  });

  test('that is refused for ever is given up', async () => {
    const own = await setup(() => ({
      reset: () => Promise.reject(new DriverError(DriverCode.NO_PERMISSION, 'reset')),
    }));
    await own.strike('kill_overtime');
    await own.runOut();
    expect([own.desk.refusals, own.desk.abandoned]).toEqual([{ 'reset: 4': 13 }, 1]);
  });

  test('is not begun for what has passed by itself', async () => {
    const own = await setup();
    const id = await own.inject('kill_overtime', 3);
    await own.strike('thermal');
    expect(own.desk.openCases).toBe(1);
    await own.world.injector.clear(id);
    await own.runOut();
    expect([own.done, own.desk.closedCases, own.desk.mttrHours]).toEqual([[], 0, null]);
  });
});
