import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import type { ConformanceSubject } from '../conformance-rule.ts';
import { openFleet } from '../registry.ts';
import type { SimulatedWorld } from '../simulation.ts';
import { at, nodeSpecs } from '../testing.ts';
import type { DevicePlugin } from '../types.ts';
import { type KubeletLinkOptions, type LinkNews, linkToKubelet } from './kubelet-link.ts';
import { type PluginSocketOptions, SocketDevicePlugin } from './plugin-client.ts';
import { type DevicePluginHandlers, pluginHandlers } from './plugin-service.ts';
import { DEVICE_PLUGIN } from './protocol.ts';
import { openSocketServer, type SocketServer } from './socket-server.ts';

/** A fresh folder with a short name, since a socket's path is limited; removed after the test. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'k-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export type TestServer = Pick<ConformanceSubject, 'connect' | 'plugin' | 'rig'> & { readonly world: SimulatedWorld };

/** One simulated server that stands at 2026-11-21T06:00:00Z until it is mended, with the rig of the conformance suite. */
export function openTestServer(modelId = 'zw810e'): TestServer {
  let now = at('2026-11-21T06:00:00Z');
  const nodes = nodeSpecs(1, modelId);
  const world = openFleet('simulated', { nodes, seed: 1, startAt: now, rates: null, clock: () => now });
  const host = world.host('node-000');
  const inject = async (uuid: string, kind: 'app_xid' | 'lost'): Promise<void> => {
    await world.injector.inject({ target: { uuid }, kind });
  };
  return {
    world,
    connect: () => world.driver('node-000'),
    plugin: world.plugin('node-000'),
    rig: {
      disturb: (uuid) => inject(uuid, 'app_xid'),
      lose: (uuid) => inject(uuid, 'lost'),
      mend: async () => {
        now = plusSeconds(host.perform('cold_reboot'), 1);
        world.runTo(now);
      },
      settle: async () => undefined,
      hold: async (uuid) => {
        const pid = host.spawn({ uuids: [uuid], name: 'holder', runSeconds: null, exitCode: 0, load: 'idle' });
        return () => void host.kill(pid, 'SIGKILL');
      },
    },
  };
}

/** What is told, in order, for a test that waits for the next of it. */
export class News<T> {
  readonly #told: T[] = [];
  readonly #waiting: ((news: T) => void)[] = [];

  readonly tell = (news: T): void => {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(news);
    else this.#told.push(news);
  };

  async next(): Promise<T> {
    const told = this.#told.shift();
    return told ?? new Promise<T>((resolve) => this.#waiting.push(resolve));
  }

  /** Skips what does not fit. */
  async until(fits: (news: T) => boolean): Promise<T> {
    for (;;) {
      const news = await this.next();
      if (fits(news)) return news;
    }
  }
}

export type TestLink = {
  readonly news: News<LinkNews>;
  readonly stop: () => Promise<void>;
  /** Settles when the link ends. */
  readonly ended: Promise<void>;
};

/** A plugin linked to whatever kubelet is in the folder, stopped after the test at the latest. */
export function linkPlugin(
  plugin: DevicePlugin,
  folder: string,
  options: Partial<Omit<KubeletLinkOptions, 'plugin' | 'folder' | 'report'>> = {},
): TestLink {
  const news = new News<LinkNews>();
  const abort = new AbortController();
  const ended = linkToKubelet({ ...options, plugin, folder, report: news.tell }, abort.signal);
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  onTestFinished(() => stop().catch(() => undefined));
  return { news, stop, ended };
}

/** The next value of a stream that has not ended. */
export async function nextOf<T>(values: AsyncIterator<T>): Promise<T> {
  const { done, value } = await values.next();
  return present(done ? null : value, 'a next value');
}

/** A plugin served on a socket, and a client of it; `alter` changes what the service does. */
export async function overSocket(
  plugin: DevicePlugin,
  alter: (handlers: DevicePluginHandlers) => Partial<DevicePluginHandlers> = () => ({}),
  options: Partial<PluginSocketOptions> = {},
): Promise<{ readonly client: SocketDevicePlugin; readonly server: SocketServer; readonly stopping: AbortController }> {
  const stopping = new AbortController();
  const handlers = pluginHandlers(plugin, { stopping: stopping.signal });
  const server = await openSocketServer(path.join(await testFolder(), 'p.sock'), [
    { definition: DEVICE_PLUGIN, handlers: { ...handlers, ...alter(handlers) } },
  ]);
  onTestFinished(async () => {
    stopping.abort();
    await server.close();
  });
  const { resourceName } = plugin;
  return { client: new SocketDevicePlugin({ socketPath: server.path, resourceName, ...options }), server, stopping };
}
