import { expect, test } from 'vitest';
import { openFleet } from '../registry.ts';
import { openTestServer, overSocket } from './testing.ts';

test('a fleet behind sockets has the drivers of another fleet and plugins that are reached by their sockets', async () => {
  const { world } = openTestServer();
  const { server } = await overSocket(world.plugin('node-000'));
  const socket = { socketPath: server.path, resourceName: 'alibabacloud.com/ppu' };
  const fleet = openFleet('kubelet', { drivers: world, plugins: new Map([['node-000', socket]]) });
  expect(fleet.nodeIds).toEqual(['node-000']);
  const driver = fleet.driver('node-000');
  await driver.init();
  const [card] = await driver.list();
  const [allocation] = await fleet.plugin('node-000').allocate([{ deviceIds: [card?.uuid ?? ''] }]);
  expect(allocation?.devices.at(-1)?.hostPath).toBe(card?.deviceNode);
});

test('a server without a plugin is refused at once', () => {
  const { world } = openTestServer();
  expect(() => openFleet('kubelet', { drivers: world, plugins: new Map() })).toThrow('plugin of node-000');
});
