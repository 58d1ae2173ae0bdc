import { describe, expect, test } from 'vitest';
import { at, listen, openTestFleet } from '../testing.ts';
import { DriverCode, type FaultRequest } from '../types.ts';

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
