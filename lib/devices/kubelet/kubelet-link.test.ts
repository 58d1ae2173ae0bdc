import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { InfrastructureError } from '#lib/core/assert.ts';
import { DriverCode } from '../types.ts';
import { alteredPlugin } from './altered-plugin.ts';
import { DeviceManager, type ManagerNews } from './device-manager.ts';
import { linkPlugin, News, openTestServer, overSocket, testFolder } from './testing.ts';
import { serveWire } from './testing-wire.ts';

const RESOURCE = 'alibabacloud.com/ppu';

async function openKubelet(folder: string): Promise<{ kubelet: DeviceManager; seen: News<ManagerNews> }> {
  const seen = new News<ManagerNews>();
  const kubelet = await DeviceManager.open({ folder, report: seen.tell });
  onTestFinished(() => kubelet.close());
  return { kubelet, seen };
}

/** A name in the folder behind which nobody listens any more, as after a kill. */
async function leaveDeadSocket(socketPath: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${socketPath}.x`, resolve));
  // Closing removes the name that was bound, so the socket goes by another one.
  await rename(`${socketPath}.x`, socketPath);
  await new Promise((resolve) => server.close(resolve));
}

const isListed = ({ kind }: { kind: string }): boolean => kind === 'listed';

describe('a plugin and its kubelet', () => {
  test('find each other when the kubelet is there first', async () => {
    const folder = await testFolder();
    const { kubelet, seen } = await openKubelet(folder);
    const link = linkPlugin(openTestServer().plugin, folder);
    expect((await link.news.next()).kind).toBe('serving');
    expect((await link.news.next()).kind).toBe('registered');
    await seen.until(isListed);
    expect(kubelet.devices(RESOURCE)).toHaveLength(16);
  });

  test('find each other when the plugin is there first', async () => {
    const folder = await testFolder();
    const link = linkPlugin(openTestServer().plugin, folder);
    expect(await link.news.until(({ kind }) => kind !== 'serving')).toEqual({ kind: 'waiting', why: 'no_kubelet' });
    const { kubelet, seen } = await openKubelet(folder);
    await seen.until(isListed);
    expect(kubelet.devices(RESOURCE)).toHaveLength(16);
  });

  test('find each other again after every restart of the kubelet, which removes all sockets', async () => {
    const folder = await testFolder();
    const link = linkPlugin(openTestServer().plugin, folder);
    for (let times = 0; times < 3; times += 1) {
      const { kubelet, seen } = await openKubelet(folder);
      await seen.until(isListed);
      expect(kubelet.devices(RESOURCE)).toHaveLength(16);
      await kubelet.close();
    }
    await link.stop();
    expect(await readdir(folder)).toEqual([]);
  });

  test('find each other again after a kubelet that died and left its socket', async () => {
    const folder = await testFolder();
    await writeFile(path.join(folder, 'kubelet_internal_checkpoint'), '{}');
    await leaveDeadSocket(path.join(folder, 'kubelet.sock'));
    const link = linkPlugin(openTestServer().plugin, folder, { pauseMs: 5 });
    await link.news.until((news) => news.kind === 'waiting' && news.why === 'kubelet_silent');
    const { seen } = await openKubelet(folder);
    await seen.until(isListed);
    expect(existsSync(path.join(folder, 'kubelet_internal_checkpoint'))).toBe(true);
  });

  test('find each other when the kubelet was there but not yet ready', async () => {
    const folder = await testFolder();
    let times = 0;
    await serveWire(path.join(folder, 'kubelet.sock'), {
      '/v1beta1.Registration/Register': {
        unary: (_, respond) => {
          times += 1;
          if (times < 3) respond({ code: status.UNAVAILABLE, details: 'starting' });
          else respond(null, Buffer.alloc(0));
        },
      },
    });
    const link = linkPlugin(openTestServer().plugin, folder, { pauseMs: 5 });
    await link.news.until(({ kind }) => kind === 'registered');
    expect(times).toBe(3);
  });

  test('find each other again when only the plugin’s socket is removed', async () => {
    const folder = await testFolder();
    const { seen } = await openKubelet(folder);
    const link = linkPlugin(openTestServer().plugin, folder);
    await seen.until(isListed);
    await rm(path.join(folder, 'alibabacloud.com-ppu.sock'));
    await link.news.until(({ kind }) => kind === 'registered');
    await seen.until(isListed);
  });

  test('tell each other of a card that is lost and repaired', async () => {
    const folder = await testFolder();
    const { kubelet, seen } = await openKubelet(folder);
    const server = openTestServer();
    linkPlugin(server.plugin, folder);
    await seen.until(isListed);
    const lost = kubelet.devices(RESOURCE)[3]?.id ?? '';
    const health = () => kubelet.devices(RESOURCE).find(({ id }) => id === lost)?.health;
    await server.rig.lose(lost);
    await seen.until(() => health() === 'Unhealthy');
    await server.rig.mend();
    await seen.until(() => health() === 'Healthy');
  });
});

describe('a registration that is refused ends the plugin and is told', () => {
  const refusing = async (folder: string, code: number, details: string) => {
    await serveWire(path.join(folder, 'kubelet.sock'), {
      '/v1beta1.Registration/Register': { unary: (_, respond) => respond({ code, details }) },
    });
  };

  test.each([
    ['as an old kubelet does', status.UNKNOWN, 'requested version: "v1beta1" is not supported by kubelet'],
    ['with a status', status.INVALID_ARGUMENT, 'version_not_supported'],
  ])('%s', async (_, code, details) => {
    const folder = await testFolder();
    await refusing(folder, code, details);
    const { ended } = linkPlugin(openTestServer().plugin, folder);
    await expect(ended).rejects.toBeInstanceOf(InfrastructureError);
    await expect(ended).rejects.toMatchObject({ cause: { details } });
    expect(existsSync(path.join(folder, 'alibabacloud.com-ppu.sock'))).toBe(false);
  });

  test('because another active plugin holds the name', async () => {
    const folder = await testFolder();
    const { seen } = await openKubelet(folder);
    linkPlugin(openTestServer().plugin, folder);
    await seen.until(isListed);
    const { ended } = linkPlugin(openTestServer('m890').plugin, folder, { endpoint: 'second.sock' });
    await expect(ended).rejects.toMatchObject({ cause: { details: 'name_taken' } });
  });
});

describe('a plugin cannot be served', () => {
  test('on a socket that another process serves on', async () => {
    const folder = await testFolder();
    linkPlugin(openTestServer().plugin, folder);
    await linkPlugin(openTestServer().plugin, folder, { endpoint: 'x.sock' }).news.next();
    const second = linkPlugin(openTestServer().plugin, folder, { endpoint: 'x.sock' });
    await expect(second.ended).rejects.toMatchObject({ code: DriverCode.IN_USE });
    expect(existsSync(path.join(folder, 'x.sock'))).toBe(true);
  });

  test('in a folder that does not exist, or whose name is too long for sockets', async () => {
    const folder = await testFolder();
    const { plugin } = openTestServer();
    await expect(linkPlugin(plugin, path.join(folder, 'none')).ended).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(linkPlugin(plugin, folder, { endpoint: `${'x'.repeat(108)}.sock` }).ended).rejects.toThrow(
      '107 bytes',
    );
  });

  test('but replaces a socket that a dead process left', async () => {
    const folder = await testFolder();
    const { seen } = await openKubelet(folder);
    await leaveDeadSocket(path.join(folder, 'x.sock'));
    linkPlugin(openTestServer().plugin, folder, { endpoint: 'x.sock' });
    await seen.until(isListed);
  });

  test('and removes nothing that is no socket', async () => {
    const folder = await testFolder();
    await writeFile(path.join(folder, 'x.sock'), 'text');
    const { ended } = linkPlugin(openTestServer().plugin, folder, { endpoint: 'x.sock' });
    await expect(ended).rejects.toThrow('EADDRINUSE');
    expect(await readFile(path.join(folder, 'x.sock'), 'utf8')).toBe('text');
  });
});

test('a call on which the plugin hangs is answered all the same, in time', async () => {
  const folder = await testFolder();
  const { plugin } = openTestServer();
  const never = () => new Promise<never>(() => undefined);
  const hanging = alteredPlugin(plugin, { allocate: never, preStartContainer: never });
  const { kubelet, seen } = await openKubelet(folder);
  linkPlugin(hanging, folder, { limitsMs: { Allocate: 20, PreStartContainer: 20 } });
  await seen.until(isListed);
  const wish = { namespace: 'n', pod: 'p', container: 'c', resourceName: RESOURCE, count: 1 };
  await expect(kubelet.grant(wish)).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  expect(kubelet.assignments).toEqual([]);
});

test('a server that closes does not wait for a plugin that hangs', async () => {
  const { plugin } = openTestServer();
  const hanging = alteredPlugin(plugin, { allocate: () => new Promise(() => undefined) });
  const { client, server } = await overSocket(hanging);
  const asked = client.allocate([{ deviceIds: ['a'] }]);
  const refused = expect(asked).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  await client.options();
  await server.close();
  await refused;
});

test('a bug in the plugin is answered with a neutral sentence', async () => {
  const { plugin } = openTestServer();
  const buggy = alteredPlugin(plugin, {
    getPreferredAllocation: () => Promise.reject(new TypeError('x is not a function')),
    allocate: () => {
      throw new TypeError('x is not a function');
    },
  });
  const { client } = await overSocket(buggy);
  for (const call of [client.allocate([]), client.getPreferredAllocation([])]) {
    await expect(call).rejects.toMatchObject({
      code: DriverCode.UNKNOWN,
      cause: { code: status.INTERNAL, details: 'the plugin has a fault' },
    });
  }
});
