import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { type DevicePlugin, DriverCode, DriverError, type PluginDevice } from '../types.ts';
import { alteredPlugin } from './altered-plugin.ts';
import { callUnary } from './calls.ts';
import { SocketDevicePlugin } from './plugin-client.ts';
import { servePlugin } from './plugin-service.ts';
import { DEVICE_PLUGIN } from './protocol.ts';
import { News, nextOf, openTestServer, overSocket, testFolder } from './testing.ts';

const resourceName = 'alibabacloud.com/ppu';
/** Short, so that a test of a limit takes no longer; what is awaited is the code, never the time. */
const SHORT_MS = {
  Register: 30,
  GetDevicePluginOptions: 30,
  ListAndWatch: 30,
  GetPreferredAllocation: 30,
  Allocate: 30,
  PreStartContainer: 30,
};

const CALLS: Readonly<Record<string, (plugin: DevicePlugin) => Promise<unknown>>> = {
  options: (plugin) => plugin.options(),
  'a preference': (plugin) => plugin.getPreferredAllocation([{ available: ['a'], mustInclude: [], size: 1 }]),
  'an allocation': (plugin) => plugin.allocate([{ deviceIds: ['a'] }]),
  'what comes before a container': (plugin) => plugin.preStartContainer(['a']),
  'a list': (plugin) => plugin.listAndWatch(new AbortController().signal)[Symbol.asyncIterator]().next(),
};

const silence = (): void => undefined;

/** A socket on which something else than a plugin is at work. */
async function rawSocket(greet: (socket: Socket) => void): Promise<{ socketPath: string; open: Set<Socket> }> {
  const socketPath = path.join(await testFolder(), 'p.sock');
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => undefined).once('close', () => open.delete(socket)));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { socketPath, open };
}

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test('of a socket that hangs is TIMEOUT', async () => {
    const { socketPath } = await rawSocket(() => undefined);
    const plugin = new SocketDevicePlugin({ socketPath, resourceName, limitsMs: SHORT_MS });
    await expect(call(plugin)).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('of a plugin that hangs is TIMEOUT', async () => {
    const never = () => new Promise<never>(() => undefined);
    const hanging = alteredPlugin(openTestServer().plugin, {
      options: never,
      listAndWatch: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
      getPreferredAllocation: never,
      allocate: never,
      preStartContainer: never,
    });
    const { client } = await overSocket(hanging, undefined, { limitsMs: SHORT_MS });
    await expect(call(client)).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('of a socket that speaks rubbish is NOT_READY', async () => {
    const { socketPath } = await rawSocket((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    const plugin = new SocketDevicePlugin({ socketPath, resourceName });
    await expect(call(plugin)).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  });

  test('of a socket that hangs up is NOT_READY', async () => {
    const { socketPath } = await rawSocket((socket) => socket.destroy());
    const plugin = new SocketDevicePlugin({ socketPath, resourceName });
    await expect(call(plugin)).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  });

  test.each(['nothing', 'a file', 'a folder'])('of %s in the place of a socket is NOT_READY', async (what) => {
    const socketPath = path.join(await testFolder(), 'p.sock');
    if (what === 'a file') await writeFile(socketPath, 'text');
    if (what === 'a folder') await mkdir(socketPath);
    const plugin = new SocketDevicePlugin({ socketPath, resourceName });
    await expect(call(plugin)).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  });
});

test('a socket that hangs is left behind by none of its calls', async () => {
  const news = new News<'closed'>();
  const { socketPath } = await rawSocket((socket) => void socket.resume().once('close', () => news.tell('closed')));
  const plugin = new SocketDevicePlugin({ socketPath, resourceName, limitsMs: SHORT_MS });
  for (const call of Object.values(CALLS)) {
    await expect(call(plugin)).rejects.toThrow();
    expect(await news.next()).toBe('closed');
  }
});

test('a call that is given up at any moment of its connecting leaves nothing behind', async () => {
  const { socketPath, open } = await rawSocket((socket) => void socket.resume());
  for (let steps = 0; steps < 12; steps += 1) {
    const abort = new AbortController();
    const bounds = { limitMs: 10_000, signal: abort.signal };
    const asked = callUnary(socketPath, DEVICE_PLUGIN.GetDevicePluginOptions, {}, bounds);
    const refused = expect(asked).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
    for (let step = 0; step < steps; step += 1) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await refused;
  }
  for (let step = 0; step < 50 || open.size > 0; step += 1) await new Promise((resolve) => setImmediate(resolve));
});

describe('a list that is followed', () => {
  /** A plugin that sends what `lists` gives. */
  const listing = (listAndWatch: DevicePlugin['listAndWatch']): DevicePlugin =>
    alteredPlugin(openTestServer().plugin, { listAndWatch });
  const devices: PluginDevice[] = [{ id: 'a', health: 'Healthy', numa: [] }];

  test('ends when it is aborted, and the plugin hears of it', async () => {
    const heard = new News<'aborted'>();
    const { client } = await overSocket(
      listing(async function* (signal) {
        yield devices;
        signal.addEventListener('abort', () => heard.tell('aborted'));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }),
    );
    const abort = new AbortController();
    const lists = client.listAndWatch(abort.signal);
    expect(await nextOf(lists)).toEqual(devices);
    const waiting = lists.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
    expect(await heard.next()).toBe('aborted');
  });

  test('is given up by whoever stops reading it', async () => {
    const heard = new News<'aborted'>();
    const { client } = await overSocket(
      listing(async function* (signal) {
        signal.addEventListener('abort', () => heard.tell('aborted'));
        yield devices;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }),
    );
    for await (const list of client.listAndWatch(new AbortController().signal)) {
      expect(list).toEqual(devices);
      break;
    }
    expect(await heard.next()).toBe('aborted');
  });

  test.each([
    ['when the plugin stops', DriverCode.NOT_READY],
    ['when the plugin fails', DriverCode.DRIVER_NOT_LOADED],
    ['when the plugin has a fault', DriverCode.UNKNOWN],
  ])('breaks with a code %s', async (how, code) => {
    const { client } = await overSocket(
      listing(async function* () {
        yield devices;
        if (how.endsWith('fails')) throw new DriverError(DriverCode.DRIVER_NOT_LOADED, 'list');
        if (how.endsWith('fault')) throw new TypeError('a fault');
      }),
    );
    const lists = client.listAndWatch(new AbortController().signal);
    await nextOf(lists);
    await expect(lists.next()).rejects.toMatchObject({ code });
  });

  test('breaks with TIMEOUT when the plugin hangs after its first list', async () => {
    const { client } = await overSocket(
      listing(async function* () {
        yield devices;
        await new Promise(() => undefined);
      }),
      () => ({ GetDevicePluginOptions: silence }),
      { pulseMs: 5, limitsMs: { GetDevicePluginOptions: 30 } },
    );
    const lists = client.listAndWatch(new AbortController().signal);
    await nextOf(lists);
    await expect(lists.next()).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('goes on while a silent plugin answers when it is asked, whatever it answers', async () => {
    const asked = new News<'asked'>();
    let tell: () => void = () => undefined;
    const { client } = await overSocket(
      listing(async function* () {
        yield devices;
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
        yield [];
      }),
      () => ({
        GetDevicePluginOptions: (_, respond) => {
          asked.tell('asked');
          respond({ code: 12, details: 'an old plugin' });
        },
      }),
      { pulseMs: 5 },
    );
    const lists = client.listAndWatch(new AbortController().signal);
    await nextOf(lists);
    const waiting = lists.next();
    for (let times = 0; times < 3; times += 1) await asked.next();
    tell();
    expect((await waiting).value).toEqual([]);
  });

  test('stops a plugin that is faster than its reader, and loses nothing that was sent', async () => {
    let made = 0;
    const wide = Array.from({ length: 500 }, (_, i) => ({ ...present(devices[0], 'a device'), id: `${i}`.repeat(20) }));
    const { client } = await overSocket(
      listing(async function* () {
        for (; made < 300; made += 1) yield [...wide, { id: `list ${made}`, health: 'Healthy', numa: [] }];
        await new Promise(() => undefined);
      }),
    );
    const lists = client.listAndWatch(new AbortController().signal);
    const first = await nextOf(lists);
    expect(first.at(-1)?.id).toBe('list 0');
    // The pipe fills up: other calls go through meanwhile, and the plugin has long stopped.
    for (let times = 0; times < 20; times += 1) await client.options();
    expect(made).toBeLessThan(200);
    for (let i = 1; i < 300; i += 1) expect((await nextOf(lists)).at(-1)?.id).toBe(`list ${i}`);
    await lists.return(undefined);
  });
});

test('sixteen cards are granted to clients in parallel, each its own', async () => {
  const server = openTestServer();
  const { client } = await overSocket(server.plugin);
  const driver = server.connect();
  await driver.init();
  const cards = await driver.list();
  const granted = await Promise.all(
    Array.from({ length: 64 }, (_, i) => {
      const card = present(cards[i % cards.length], 'a card');
      return client.allocate([{ deviceIds: [card.uuid] }]).then(([allocation]) => [card, allocation] as const);
    }),
  );
  for (const [card, allocation] of granted) {
    expect(allocation?.devices.at(-1)?.hostPath).toBe(card.deviceNode);
    expect(allocation?.cdiDevices).toEqual([`alibabacloud.com/ppu=${card.uuid}`]);
  }
});

test('a plugin that was restarted on its socket is reached at once', async () => {
  const { plugin } = openTestServer();
  const { client, server, stopping } = await overSocket(plugin);
  await client.options();
  stopping.abort();
  await server.close();
  await expect(client.options()).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  const again = await servePlugin(plugin, server.path, new AbortController().signal);
  await client.options();
  await again.close();
});

test('a plugin that answers another number of containers than it was asked for has a fault', async () => {
  const { client } = await overSocket(openTestServer().plugin, () => ({
    Allocate: (_, respond) => respond(null, { container_responses: [] }),
    GetPreferredAllocation: (_, respond) => respond(null, { container_responses: [] }),
  }));
  await expect(client.allocate([{ deviceIds: ['a'] }])).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  await expect(client.getPreferredAllocation([{ available: ['a'], mustInclude: [], size: 1 }])).rejects.toMatchObject({
    code: DriverCode.UNKNOWN,
  });
});
