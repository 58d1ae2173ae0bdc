import { expect, test } from 'vitest';
import { SIMULATED_FAULT_OF } from './simulated-fault.ts';
import { at, openTestFleet } from './testing.ts';
import { FleetWatch } from './watch.ts';

const KINDS = [
  'lost',
  'icn_down',
  'kill_overtime',
  'cecc_storm',
  'icn_half_width',
  'thermal',
  'retirement_failed',
  'vfio_bound',
] as const;

test.each(KINDS)('a world restored from the verdict that %s led to gives the same verdict', async (kind) => {
  const judge = async (fleet: ReturnType<typeof openTestFleet>) => {
    const watch = new FleetWatch(new Map([['node-000', fleet.world.driver('node-000')]]));
    await watch.settled();
    return watch.verdict(fleet.uuid(3));
  };
  const before = openTestFleet();
  await before.inject(kind, 3);
  const verdict = await judge(before);
  const restored = verdict && SIMULATED_FAULT_OF[verdict.reason];

  const after = openTestFleet();
  if (restored) after.world.restore([{ uuid: after.uuid(3), kind: restored, since: at('2026-11-21T06:00:00Z') }]);
  expect(await judge(after)).toEqual(verdict);
  expect(verdict?.reason).not.toBe('none');
});
