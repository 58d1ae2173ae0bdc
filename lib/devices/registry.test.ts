import { expect, test } from 'vitest';
import { DRIVER_KINDS } from './registry.ts';
import { openTestFleet } from './testing.ts';

test('every kind that a server can name is opened by the registry', () =>
  expect(DRIVER_KINDS).toEqual(['simulated', 'ppu-smi', 'nvidia-smi', 'kubelet']));

test('an opened fleet reaches every server it was given and no other', async () => {
  const { world, specs } = openTestFleet({ nodes: 3 });
  expect(world.nodeIds).toEqual(specs.map((spec) => spec.nodeId));
  expect(() => world.driver('node-003')).toThrow('simulated server node-003');
});
