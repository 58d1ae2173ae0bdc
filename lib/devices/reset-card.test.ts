import { expect, test } from 'vitest';
import { resetInOrder } from './reset-card.ts';
import { openTestFleet } from './testing.ts';
import type { FaultKind } from './fault-types.ts';
import { DriverCode } from './types.ts';

async function setup(kind: FaultKind) {
  const fleet = openTestFleet();
  const device = await fleet.driver();
  const card = await device.info({ uuid: fleet.uuid(3) });
  await fleet.inject(kind, 3);
  const stateOf = async () => (await device.presence()).find((entry) => entry.uuid === card.uuid)?.state;
  return { ...fleet, device, card, stateOf, host: fleet.world.host('node-000') };
}

test.each(['retirement_failed', 'kill_overtime'] as const)('a card with %s is reset and open again', async (kind) => {
  const { world, device, card, stateOf } = await setup(kind);
  await resetInOrder(device, card);
  expect([world.openFaults(), await stateOf()]).toEqual([[], 'present']);
});

test('while work runs it is drained and no more, until the next try', async () => {
  const { world, device, card, stateOf, host, uuid } = await setup('retirement_failed');
  const pid = host.spawn({ uuids: [uuid(3)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
  await expect(resetInOrder(device, card)).rejects.toMatchObject({ code: DriverCode.IN_USE });
  expect([world.openFaults().length, await stateOf(), host.process(pid)?.state]).toEqual([1, 'draining', 'running']);
  host.kill(pid, 'SIGKILL');
  await resetInOrder(device, card);
  expect([world.openFaults(), await stateOf()]).toEqual([[], 'present']);
});

test('a card that needs no drain is not drained by a reset that is refused', async () => {
  const { device, card, stateOf, host, uuid } = await setup('kill_overtime');
  host.spawn({ uuids: [uuid(15)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
  await expect(resetInOrder(device, card)).rejects.toMatchObject({ code: DriverCode.IN_USE });
  expect(await stateOf()).toBe('present');
});

test('our own advice to drain is followed where the driver has none', async () => {
  const { world, device, card, stateOf, host, uuid } = await setup('cecc_storm');
  const pid = host.spawn({ uuids: [uuid(15)], name: 'x', runSeconds: null, exitCode: 0, load: 'idle' });
  await expect(resetInOrder(device, card, 'drain_and_reset')).rejects.toMatchObject({ code: DriverCode.IN_USE });
  expect(await stateOf()).toBe('draining');
  host.kill(pid, 'SIGKILL');
  await resetInOrder(device, card, 'drain_and_reset');
  expect([world.openFaults(), await stateOf()]).toEqual([[], 'present']);
});
