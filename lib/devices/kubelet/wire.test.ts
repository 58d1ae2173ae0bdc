import { existsSync } from 'node:fs';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { DeviceManager, type ManagerNews } from './device-manager.ts';
import { linkPlugin, News, nextOf, openTestServer, testFolder } from './testing.ts';
import { answers, message, type Received, serveWire, WireClient } from './testing-wire.ts';

// Both ends of the published contract, made of numbers: a kubelet against our plugin, a plugin against our kubelet.

const NOTHING = Buffer.alloc(0);
const REGISTER = '/v1beta1.Registration/Register';
const OPTIONS = '/v1beta1.DevicePlugin/GetDevicePluginOptions';
const LIST_AND_WATCH = '/v1beta1.DevicePlugin/ListAndWatch';
const PREFER = '/v1beta1.DevicePlugin/GetPreferredAllocation';
const ALLOCATE = '/v1beta1.DevicePlugin/Allocate';
const PRE_START = '/v1beta1.DevicePlugin/PreStartContainer';

/** A kubelet that accepts whoever registers, and tells what it received. */
async function openKubelet(folder: string): Promise<News<Buffer>> {
  const registrations = new News<Buffer>();
  await serveWire(path.join(folder, 'kubelet.sock'), {
    [REGISTER]: answers((_, bytes) => {
      registrations.tell(bytes);
      return NOTHING;
    }),
  });
  return registrations;
}

/** The plugin of a simulated server, registered with a kubelet made of numbers that has dialled back. */
async function setup() {
  const folder = await testFolder();
  const registrations = await openKubelet(folder);
  const server = openTestServer();
  const link = linkPlugin(server.plugin, folder);
  const registration = await registrations.next();
  const socketPath = path.join(folder, 'alibabacloud.com-ppu.sock');
  const driver = server.connect();
  await driver.init();
  const uuids = (await driver.list()).map((card) => card.uuid);
  return { ...server, link, registration, socketPath, client: new WireClient(socketPath), uuids };
}

function healthById(list: Received): Map<string, string> {
  return new Map(list.messages(1).map((device) => [device.text(1), device.text(2)]));
}

describe('a kubelet that knows only the published numbers', () => {
  test('is registered with, byte for byte, after the socket serves', async () => {
    const { registration, socketPath } = await setup();
    expect(registration.toString('latin1')).toBe(
      '\n\x07v1beta1\x12\x19alibabacloud.com-ppu.sock\x1a\x14alibabacloud.com/ppu\x22\x04\x08\x00\x10\x01',
    );
    expect(existsSync(socketPath)).toBe(true);
  });

  test('reads the options and the full list with NUMA nodes', async () => {
    const { client, uuids } = await setup();
    const options = await client.call(OPTIONS, NOTHING);
    expect([options.numbers(1), options.numbers(2)]).toEqual([[0], [1]]);
    const list = await nextOf(client.follow(LIST_AND_WATCH, NOTHING));
    expect([...healthById(list)]).toEqual(uuids.map((uuid) => [uuid, 'Healthy']));
    const numa = list.messages(1).map((device) => device.messages(3)[0]?.messages(1)[0]?.numbers(1)[0]);
    expect(numa).toEqual([4, 4, 4, 4, 2, 2, 2, 2, 6, 6, 6, 6, 0, 0, 0, 0]);
  });

  test('watches a card go Unhealthy and come back', async () => {
    const { client, uuids, rig } = await setup();
    const lost = present(uuids[3], 'a card');
    const lists = client.follow(LIST_AND_WATCH, NOTHING);
    const healthAt = async (): Promise<string | undefined> => healthById(await nextOf(lists)).get(lost);
    expect(await healthAt()).toBe('Healthy');
    await rig.lose(lost);
    expect(await healthAt()).toBe('Unhealthy');
    await rig.mend();
    let health = await healthAt();
    while (health !== 'Healthy') health = await healthAt();
    await lists.return(undefined);
  });

  test('allocates: variables, nodes, CDI names and an annotation for each container', async () => {
    const { client, uuids } = await setup();
    const [a, b] = [present(uuids[5], 'a card'), present(uuids[2], 'a card')];
    const answer = await client.call(
      ALLOCATE,
      message([1, message([1, a], [1, b])], [1, message([1, uuids[0] ?? ''])]),
    );
    const [first, second] = answer.messages(1);
    const visible = `${a},${b}`.replaceAll('GPU-', 'PPU-');
    expect(first?.map(1)).toEqual({ HGGC_VISIBLE_DEVICES: visible, CUDA_VISIBLE_DEVICES: visible });
    expect(first?.messages(3).map((node) => [node.text(1), node.text(2), node.text(3)])).toEqual(
      ['/dev/alixpu', '/dev/alixpu_ctl', '/dev/alixpu_ppu5', '/dev/alixpu_ppu2'].map((node) => [node, node, 'rw']),
    );
    expect(first?.map(4)).toEqual({ 'alibabacloud.com/ppu.uuids': `${a},${b}` });
    expect(first?.messages(5).map((device) => device.text(1))).toEqual(
      [a, b].map((id) => `alibabacloud.com/ppu=${id}`),
    );
    expect(second?.messages(3)).toHaveLength(3);
  });

  test('asks what is preferred and gets it: what must be in, nothing else than available, as many as asked', async () => {
    const { client, uuids } = await setup();
    const available = uuids.slice(4).map((uuid) => [1, uuid] as const);
    const answer = await client.call(PREFER, message([1, message(...available, [2, uuids[9] ?? ''], [3, 2])]));
    const chosen = answer.messages(1)[0]?.texts(1) ?? [];
    expect(chosen).toHaveLength(2);
    expect(chosen).toContain(uuids[9]);
    expect(uuids.slice(4)).toEqual(expect.arrayContaining(chosen));
  });

  test('prepares the start of a container', async () => {
    const { client, uuids } = await setup();
    await client.call(PRE_START, message([1, uuids[0] ?? '']));
  });

  test('is refused with the statuses of gRPC', async () => {
    const { client, uuids, rig } = await setup();
    const ask = (...ids: string[]) =>
      client.call(ALLOCATE, message([1, message(...ids.map((id) => [1, id] as const))]));
    const [a] = uuids;
    await expect(ask('GPU-none')).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(ask(a ?? '', a ?? '')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    await rig.lose(a ?? '');
    await expect(ask(a ?? '')).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
    await expect(client.call('/v1beta1.DevicePlugin/Release', NOTHING)).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
    });
  });

  test('may send fields of a later version, which are ignored, and rubbish, which is refused', async () => {
    const { client, uuids } = await setup();
    const later = message([1, message([1, uuids[0] ?? ''], [2, 7], [99, 'later'])], [98, message([1, 'later'])]);
    expect((await client.call(ALLOCATE, later)).messages(1)).toHaveLength(1);
    await expect(client.call(ALLOCATE, Buffer.from('\x0a\xff\xff rubbish', 'latin1'))).rejects.toMatchObject({
      code: status.INTERNAL,
    });
    expect((await client.call(ALLOCATE, later)).messages(1)).toHaveLength(1);
  });

  test('loses the socket when the plugin stops, and a list that is followed ends', async () => {
    const { client, link, socketPath } = await setup();
    const lists = client.follow(LIST_AND_WATCH, NOTHING);
    await nextOf(lists);
    await link.stop();
    expect((await lists.next()).done).toBe(true);
    expect(existsSync(socketPath)).toBe(false);
  });
});

describe('a plugin that knows only the published numbers', () => {
  /** Two devices of a foreign kind; `tell` sends the list again with the health given. */
  async function servePlugin(socketPath: string) {
    let send: (health: string) => void = () => undefined;
    const calls: string[] = [];
    const device = (id: string, health: string) =>
      message([1, message([1, id], [2, health], [3, message([1, message([1, 1])])], [77, 'later'])]);
    const server = await serveWire(socketPath, {
      [OPTIONS]: answers(() => message([1, true])),
      [LIST_AND_WATCH]: {
        stream: (call) => {
          send = (health) => void call.write(Buffer.concat([device('a', 'Healthy'), device('b', health)]));
          send('Healthy');
        },
      },
      [ALLOCATE]: answers((request) => {
        const ids = request.messages(1).map((container) => container.texts(1).join());
        calls.push(`allocate ${ids}`);
        return message([
          1,
          message([1, message([1, 'VISIBLE'], [2, ids.join()])], [2, message([1, '/c'], [2, '/h'], [3, true])]),
        ]);
      }),
      [PRE_START]: answers((request) => {
        calls.push(`start ${request.texts(1)}`);
        return NOTHING;
      }),
    });
    return { server, calls, tell: (health: string) => send(health) };
  }

  test('registers with ours, is listed, granted from and told in the resources of pods', async () => {
    const folder = await testFolder();
    const podResourcesPath = path.join(folder, 'pods');
    const news = new News<ManagerNews>();
    const manager = await DeviceManager.open({ folder, podResourcesPath, report: news.tell });
    const plugin = await servePlugin(path.join(folder, 'x.sock'));
    const kubelet = new WireClient(path.join(folder, 'kubelet.sock'));
    await kubelet.call(REGISTER, message([1, 'v1beta1'], [2, 'x.sock'], [3, 'example.com/x'], [4, message([1, true])]));
    await news.until(({ kind }) => kind === 'listed');
    expect(manager.devices('example.com/x')).toEqual([
      { id: 'a', health: 'Healthy', numa: [1] },
      { id: 'b', health: 'Healthy', numa: [1] },
    ]);

    const pod = { namespace: 'default', pod: 'p', container: 'c', resourceName: 'example.com/x', count: 2 };
    const { allocation } = await manager.grant(pod);
    expect(plugin.calls).toEqual(['allocate a,b', 'start a,b']);
    expect(allocation).toEqual({
      envs: { VISIBLE: 'a,b' },
      mounts: [{ containerPath: '/c', hostPath: '/h', readOnly: true }],
      devices: [],
      annotations: {},
      cdiDevices: [],
    });

    plugin.tell('Unhealthy');
    await news.until(({ kind }) => kind === 'listed');
    const pods = new WireClient(podResourcesPath);
    const list = await pods.call('/v1.PodResourcesLister/List', NOTHING);
    const devices = list.messages(1)[0]?.messages(3)[0]?.messages(2)[0];
    expect([devices?.text(1), devices?.texts(2), devices?.messages(3)[0]?.messages(1)[0]?.numbers(1)]).toEqual([
      'example.com/x',
      ['a', 'b'],
      [1],
    ]);
    const all = await pods.call('/v1.PodResourcesLister/GetAllocatableResources', NOTHING);
    expect(all.messages(1).map((entry) => [entry.text(1), entry.texts(2)])).toEqual([['example.com/x', ['a']]]);
    const one = await pods.call('/v1.PodResourcesLister/Get', message([1, 'p'], [2, 'default']));
    expect(one.messages(1)[0]?.text(1)).toBe('p');
    const none = pods.call('/v1.PodResourcesLister/Get', message([1, 'q'], [2, 'default']));
    await expect(none).rejects.toMatchObject({ code: status.NOT_FOUND });
    await manager.close();
  });
});
