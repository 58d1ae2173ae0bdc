import { describe, expect, test } from 'vitest';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { at, describeEvent, listen, openTestFleet } from '../testing.ts';
import type { FaultRequest } from '../fault-types.ts';
import { DriverCode } from '../types.ts';

async function setup() {
  const fleet = openTestFleet({ nodes: 2 });
  const device = await fleet.driver();
  const open = (): string[] => fleet.world.openFaults().map(({ kind }) => kind);
  return { ...fleet, device, open, injector: fleet.world.injector };
}

describe('an injected fault strikes', () => {
  test('at its instant, which is then an event of the world and carries that instant', async () => {
    const { injector, uuid, world, passTo, device } = await setup();
    const events = listen(device, ['xid']);
    await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', at: at('2026-11-21T06:10:00Z') });
    expect(world.nextEventAt()).toBe(at('2026-11-21T06:10:00Z'));
    passTo('2026-11-21T07:00:00Z');
    expect(await events.heard()).toMatchObject([{ at: at('2026-11-21T06:10:00Z'), code: 16257 }]);
  });

  test('now, when its instant has passed', async () => {
    const { injector, uuid, passTo, open } = await setup();
    passTo('2026-11-21T07:00:00Z');
    await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', at: at('2026-11-21T06:10:00Z') });
    expect(open()).toEqual(['lost']);
  });

  test('after so many more operations of that server’s drivers', async () => {
    const { injector, uuid, device, open, world } = await setup();
    await injector.inject({ target: { uuid: uuid(0) }, kind: 'kill_overtime', afterOps: 2 });
    await world.driver('node-001').init();
    await device.list();
    await device.list();
    expect(open()).toEqual([]);
    await device.list();
    expect(open()).toEqual(['kill_overtime']);
  });

  test('every card of a server, when it is aimed at the server', async () => {
    const { injector, open } = await setup();
    await injector.inject({ target: { nodeId: 'node-001' }, kind: 'lost' });
    expect(open()).toEqual(new Array(16).fill('lost'));
  });

  test('with the application XID asked for', async () => {
    const { injector, uuid, device } = await setup();
    const events = listen(device, ['xid']);
    await injector.inject({ target: { uuid: uuid(0) }, kind: 'app_xid', xid: 16258 });
    expect(await events.heard()).toMatchObject([{ code: 16258 }]);
  });
});

describe('an injection by chance', () => {
  const perHour = 0.5;

  async function strikesOf(options: { seed?: number; hours: number }, requests: readonly FaultRequest[]) {
    const { seed = 1, hours } = options;
    const fleet = openTestFleet({ nodes: 4, seed });
    const told: string[] = [];
    for (const request of requests) await fleet.world.injector.inject(request);
    const heard = await Promise.all(
      fleet.world.nodeIds.map(async (nodeId) => {
        const driver = fleet.world.driver(nodeId);
        await driver.init();
        return listen(driver, ['xid']);
      }),
    );
    fleet.world.runTo(plusSeconds(at('2026-11-21T06:00:00Z'), hours * 3_600));
    for (const { heard: hear } of heard) told.push(...(await hear()).map(describeEvent));
    return told;
  }

  test.each<[string, FaultRequest['target'], number]>([
    ['all cards', { all: true }, 64],
    ['the cards of a model', { modelId: 'zw810e' }, 64],
    ['the cards of a server', { nodeId: 'node-001' }, 16],
  ])('strikes %s as often as its rate says, within four standard deviations', async (_name, target, cards) => {
    const mean = perHour * cards * 24;
    const strikes = await strikesOf({ hours: 24 }, [{ target, kind: 'app_xid', perHour }]);
    expect(Math.abs(strikes.length - mean)).toBeLessThan(4 * Math.sqrt(mean));
    expect(new Set(strikes.map((line) => line.split(' ')[1])).size).toBe(cards);
  });

  test('strikes one card alone, and a server kind the servers', async () => {
    const { injector, uuid, passTo, world, open } = await setup();
    await injector.inject({ target: { uuid: uuid(7) }, kind: 'sdc', perHour: 10 });
    await injector.inject({ target: { all: true }, kind: 'driver_unloaded', perHour: 10 });
    passTo('2026-11-22T06:00:00Z');
    expect(open()).toEqual(['driver_unloaded', 'sdc', 'driver_unloaded']);
    expect(world.openFaults()[1]?.uuid).toBe(uuid(7));
  });

  test('is the same for the same seed, another for another one, and independent of a second one', async () => {
    const one: FaultRequest = { target: { nodeId: 'node-000' }, kind: 'app_xid', perHour };
    const other: FaultRequest = { target: { nodeId: 'node-001' }, kind: 'app_xid', perHour };
    const alone = await strikesOf({ hours: 12 }, [one]);
    expect(await strikesOf({ hours: 12 }, [one])).toEqual(alone);
    expect(await strikesOf({ hours: 12, seed: 2 }, [one])).not.toEqual(alone);
    const both = await strikesOf({ hours: 12 }, [one, other]);
    expect(both.slice(0, alone.length)).toEqual(alone);
    expect(both.slice(alone.length).map((line) => line.split(' ')[0])).not.toEqual(
      alone.map((line) => line.split(' ')[0]),
    );
  });

  test('ends when it is cleared, and what it broke is mended', async () => {
    const { injector, uuid, passTo, world, open } = await setup();
    const id = await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', perHour: 10 });
    passTo('2026-11-21T12:00:00Z');
    expect(open()).toEqual(['lost']);
    await injector.clear(id);
    expect([open(), world.nextEventAt()]).toEqual([[], null]);
    passTo('2026-11-23T06:00:00Z');
    expect(open()).toEqual([]);
  });

  test('so rare that no calendar holds it never comes', async () => {
    const { injector, uuid, world } = await setup();
    await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', perHour: 1e-300 });
    expect(world.nextEventAt()).toBeNull();
  });
});

describe('an injection into more than a server', () => {
  test.each<[string, FaultRequest['target'], number]>([
    ['all cards', { all: true }, 32],
    ['a model', { modelId: 'zw810e' }, 32],
  ])('strikes %s at once, or after operations on any of its servers', async (_name, target, cards) => {
    const { injector, open, world } = await setup();
    await injector.inject({ target, kind: 'silent_slow' });
    expect(open()).toHaveLength(cards);
    await injector.inject({ target, kind: 'sdc', afterOps: 0 });
    await world.driver('node-001').init();
    expect(open()).toHaveLength(2 * cards);
  });
});

describe('clearing an injection', () => {
  test('calls off what waits', async () => {
    const { injector, uuid, world, device, open } = await setup();
    const later = await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', at: at('2026-11-21T06:10:00Z') });
    const counted = await injector.inject({ target: { uuid: uuid(0) }, kind: 'lost', afterOps: 0 });
    await injector.clear(later);
    await injector.clear(counted);
    await device.list();
    expect([world.nextEventAt(), open()]).toEqual([null, []]);
  });

  test('mends what is open, says so, and leaves other faults alone', async () => {
    const { injector, uuid, device, open, inject } = await setup();
    const id = await inject('kill_overtime', 0);
    const ofDriver = await injector.inject({ target: { nodeId: 'node-001' }, kind: 'driver_unloaded' });
    await inject('cecc_storm', 0);
    const events = listen(device);
    await injector.clear(id);
    await injector.clear(ofDriver);
    expect(open()).toEqual(['cecc_storm']);
    expect(await events.heard()).toMatchObject([{ type: 'recovery_action', action: 'none', uuid: uuid(0) }]);
  });

  test('of an unknown injection is refused', async () => {
    const { injector } = await setup();
    await expect(injector.clear('injection-9')).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
  });
});

describe('an injection is refused', () => {
  const lost = { kind: 'lost' } as const;
  test.each<[string, FaultRequest, DriverCode]>([
    ['on an unknown card', { target: { uuid: 'GPU-none' }, ...lost }, DriverCode.NOT_FOUND],
    ['on an unknown server', { target: { nodeId: 'none' }, ...lost }, DriverCode.NOT_FOUND],
    ['of an unknown kind', { target: { nodeId: 'node-000' }, kind: 'meteor' as 'lost' }, DriverCode.INVALID_ARGUMENT],
    [
      'with an XID that is not an application’s',
      { target: { nodeId: 'node-000' }, kind: 'app_xid', xid: 16257 },
      DriverCode.INVALID_ARGUMENT,
    ],
    [
      'with an XID for another kind',
      { target: { nodeId: 'node-000' }, ...lost, xid: 1666 },
      DriverCode.INVALID_ARGUMENT,
    ],
    [
      'both at an instant and after operations',
      { target: { nodeId: 'node-000' }, ...lost, at: at('2026-11-21T06:10:00Z'), afterOps: 1 },
      DriverCode.INVALID_ARGUMENT,
    ],
    [
      'after part of an operation',
      { target: { nodeId: 'node-000' }, ...lost, afterOps: 0.5 },
      DriverCode.INVALID_ARGUMENT,
    ],
    [
      'both by chance and after operations',
      { target: { nodeId: 'node-000' }, ...lost, perHour: 1, afterOps: 1 },
      DriverCode.INVALID_ARGUMENT,
    ],
    ...[0, -1, 3_601, Number.NaN, Number.POSITIVE_INFINITY].map((perHour): [string, FaultRequest, DriverCode] => [
      `${perHour} times an hour`,
      { target: { all: true }, ...lost, perHour },
      DriverCode.INVALID_ARGUMENT,
    ]),
    [
      'at no instant',
      { target: { nodeId: 'node-000' }, ...lost, at: Number.NaN as Instant },
      DriverCode.INVALID_ARGUMENT,
    ],
    ['on a model that is not there', { target: { modelId: 'm890' }, ...lost }, DriverCode.NOT_FOUND],
    [
      'with a key that is none',
      { target: { all: true }, ...lost, perDay: 1 } as FaultRequest,
      DriverCode.INVALID_ARGUMENT,
    ],
    [
      'on two targets at once',
      { target: { nodeId: 'node-000', uuid: 'GPU-none' }, ...lost },
      DriverCode.INVALID_ARGUMENT,
    ],
  ])('%s', async (_name, request, code) => {
    const { injector } = await setup();
    await expect(injector.inject(request)).rejects.toMatchObject({ code });
  });

  test('of a driver fault on one card', async () => {
    const { injector, uuid } = await setup();
    const request = { target: { uuid: uuid(0) }, kind: 'driver_unloaded' } as const;
    await expect(injector.inject(request)).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
  });
});
