import { expect, test } from 'vitest';
import { DRIVER_KINDS, openFleet } from './registry.ts';
import { at, openTestFleet } from './testing.ts';
import { DriverCode } from './types.ts';

test('every kind that a server can name is opened by the registry', () =>
  expect(DRIVER_KINDS).toEqual(['simulated', 'ppu-smi', 'nvidia-smi', 'kubelet']));

test('an opened fleet reaches every server it was given and no other', async () => {
  const { world, specs } = openTestFleet({ nodes: 3 });
  expect(world.nodeIds).toEqual(specs.map((spec) => spec.nodeId));
  expect(() => world.driver('node-003')).toThrow('simulated server node-003');
});

test('servers reached through a tool are configuration, and an unknown one is no server', async () => {
  const tool = { program: '/nonexistent/ppu-smi' };
  const nodes = [{ nodeId: 'host-1', ppuSmi: tool, lspci: null, isLocal: false }];
  const fleet = openFleet('ppu-smi', { nodes, clock: () => at('2026-11-21T06:00:00Z') });
  expect(fleet.nodeIds).toEqual(['host-1']);
  expect(() => fleet.driver('host-2')).toThrow('server host-2');
  await expect(fleet.driver('host-1').init()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  await fleet.close();
});
