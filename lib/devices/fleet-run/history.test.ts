import { expect, test } from 'vitest';
import { at, openTestFleet } from '../testing.ts';
import type { HealthChange } from '../watched-cards.ts';
import { FleetHistory } from './history.ts';

const change = (uuid: string): HealthChange => ({
  nodeId: 'node-000',
  uuid,
  verdict: { health: 'healthy', takesNewWork: true, reason: 'none', recovery: 'none' },
  since: at('2026-11-21T06:00:00Z'),
  cause: null,
});

test('changes that became known together are one history, whichever card was read first', () => {
  const [one, other, less] = [new FleetHistory(), new FleetHistory(), new FleetHistory()];
  one.change([change('a'), change('b')]);
  other.change([change('b'), change('a')]);
  less.change([change('a')]);
  expect(other.digest()).toBe(one.digest());
  expect(less.digest()).not.toBe(one.digest());
});

test('every event is counted once, from the call on, and faults that changed nothing are told apart', async () => {
  const { world, inject, driver } = openTestFleet();
  const history = new FleetHistory();
  history.listenTo('node-000', await driver(), new AbortController().signal);
  const before = history.digest();
  await history.hear();
  expect(history.digest()).toBe(before);
  await inject('lost', 0);
  await inject('cecc_storm', 1);
  await history.hear();
  await history.hear();
  expect(history.events).toEqual({ xid: 2, unavailable: 1, recovery_action: 1, ecc: 1 });
  const fault = { at: at('2026-11-21T06:00:00Z'), nodeId: 'node-000', uuid: null, kind: 'lib_mismatch' } as const;
  history.strike({ ...fault, hasStruck: true });
  history.strike({ ...fault, hasStruck: false });
  expect([history.faults, history.faultsTotal, history.faultsWithoutEffect]).toEqual([{ lib_mismatch: 2 }, 2, 1]);
  expect(world.openFaults()).toHaveLength(2);
});
