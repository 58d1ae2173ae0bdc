import { expect, test } from 'vitest';
import { joinFleets, openHosts, parseHosts } from './hosts.ts';
import { at, openTestFleet } from './testing.ts';

test('the file of real servers names each by its driver and by what runs a tool there', () => {
  const hosts = parseHosts(
    '{"nod_a": {"driver": "ppu-smi", "runner": ["ssh", "host-7"]}, "nod_b": {"driver": "nvidia-smi"}}',
  );
  expect([...hosts]).toEqual([
    ['nod_a', { driver: 'ppu-smi', runner: ['ssh', 'host-7'] }],
    ['nod_b', { driver: 'nvidia-smi', runner: [] }],
  ]);
});

test.each([
  ['no JSON', 'nod_a'],
  ['a list', '["nod_a"]'],
  ['no driver', '{"nod_a": {}}'],
  ['a driver that is none', '{"nod_a": {"driver": "simulated"}}'],
  ['an unknown key', '{"nod_a": {"driver": "ppu-smi", "host": "host-7"}}'],
  ['an empty word', '{"nod_a": {"driver": "ppu-smi", "runner": [""]}}'],
])('the file is refused in one sentence: %s', (_, text) => {
  expect(() => parseHosts(text)).toThrow(/^The file of real servers is wrong: .+\.$/);
});

test('every named server is reached, and no other', () => {
  const hosts = parseHosts(
    '{"nod_a": {"driver": "ppu-smi"}, "nod_b": {"driver": "nvidia-smi"}, "nod_c": {"driver": "ppu-smi", "pluginSocket": "/x.sock"}}',
  );
  const fleet = openHosts(hosts, { clock: () => at('2026-11-21T06:00:00Z'), pause: async () => undefined });
  expect([...fleet.nodeIds].sort()).toEqual(['nod_a', 'nod_b', 'nod_c']);
  expect(fleet.nodeIds.map((id) => fleet.plugin(id).resourceName).sort()).toEqual([
    'alibabacloud.com/ppu',
    'alibabacloud.com/ppu',
    'nvidia.com/gpu',
  ]);
  expect(() => fleet.driver('nod_d')).toThrow('nod_d');
});

test('of two fleets that reach one server, the first is asked', async () => {
  const [first, second] = [openTestFleet({ modelId: 'm890' }), openTestFleet({ modelId: 'zw810e', nodes: 2 })];
  const both = joinFleets([first.world, second.world]);
  const driver = both.driver('node-000');
  await driver.init();
  expect((await driver.list()).length).toBe(8);
  expect([...both.nodeIds].sort()).toEqual(['node-000', 'node-001']);
});
