import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { at } from '../testing.ts';
import { openCardSource } from './card-source.ts';
import { DeviceManager, type ManagerNews } from './device-manager.ts';
import type { LinkNews } from './kubelet-link.ts';
import { serveCards } from './serve.ts';
import { News, testFolder } from './testing.ts';
import { message, WireClient } from './testing-wire.ts';

const RESOURCE = 'alibabacloud.com/ppu';
const source = { kind: 'simulated', modelId: 'zw810e', seed: 7 } as const;
const wish = { namespace: 'n', pod: 'p', container: 'c', resourceName: RESOURCE, count: 2 };

async function setup(change: { cdiFolder?: null; registry?: boolean } = {}) {
  const folder = await testFolder();
  const registryFolder = change.registry ? await testFolder() : null;
  const cdiFolder = change.cdiFolder === null ? null : path.join(await testFolder(), 'cdi');
  const seen = new News<ManagerNews>();
  const kubelet = await DeviceManager.open({ folder, report: seen.tell });
  const abort = new AbortController();
  const news = new News<LinkNews>();
  const server = openCardSource(source, () => at('2026-11-21T06:00:00Z'));
  const ended = serveCards({ folder, cdiFolder, registryFolder }, server, news.tell, abort.signal);
  onTestFinished(async () => {
    abort.abort();
    await ended;
    await kubelet.close();
  });
  return { folder, registryFolder, cdiFolder: cdiFolder ?? '', kubelet, seen, news, abort, ended };
}

describe('the cards of a host are served', () => {
  test('with a CDI specification that names them before they are listed', async () => {
    const { kubelet, seen, cdiFolder } = await setup();
    await seen.until(({ kind }) => kind === 'listed');
    expect(await readdir(cdiFolder)).toEqual(['alibabacloud.com-ppu.json']);
    const { assignment, allocation } = await kubelet.grant(wish);
    expect(allocation.cdiDevices).toEqual(assignment.deviceIds.map((id) => `${RESOURCE}=${id}`));
  });

  test('without CDI where the runtime knows nothing of it', async () => {
    const { kubelet, seen } = await setup({ cdiFolder: null });
    await seen.until(({ kind }) => kind === 'listed');
    expect((await kubelet.grant(wish)).allocation.cdiDevices).toEqual([]);
  });

  test('to a kubelet that finds them in its folder of plugins', async () => {
    const { folder, registryFolder, news, abort, ended } = await setup({ registry: true });
    expect(await news.next()).toEqual({ kind: 'serving', socketPath: path.join(folder, 'alibabacloud.com-ppu.sock') });
    const offer = path.join(registryFolder ?? '', 'alibabacloud.com-ppu.sock');
    while (!existsSync(offer)) await new Promise((resolve) => setImmediate(resolve));
    const kubelet = new WireClient(offer);
    const info = await kubelet.call('/pluginregistration.Registration/GetInfo', Buffer.alloc(0));
    const lists = new WireClient(info.text(3)).follow('/v1beta1.DevicePlugin/ListAndWatch', Buffer.alloc(0));
    const { value } = await lists.next();
    expect(value?.messages(1)).toHaveLength(16);
    await kubelet.call('/pluginregistration.Registration/NotifyRegistrationStatus', message([1, true]));
    expect(await news.next()).toEqual({ kind: 'registered', resourceName: RESOURCE });
    abort.abort();
    await ended;
    expect([await readdir(folder), await readdir(registryFolder ?? '')]).toEqual([['kubelet.sock'], []]);
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the command serves, stops on %s and leaves no socket behind',
  async (signal) => {
    const folder = await testFolder();
    const seen = new News<ManagerNews>();
    const kubelet = await DeviceManager.open({ folder, report: seen.tell });
    const args = [
      '--conditions=react-server',
      'bin/device-plugin.ts',
      '--simulated',
      'zw810e',
      '--folder',
      folder,
      '--no-cdi',
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    await seen.until(({ kind }) => kind === 'listed');
    expect(kubelet.devices(RESOURCE)).toHaveLength(16);
    child.kill(signal);
    const [code] = await once(child, 'close');
    expect([code, lines.at(-1), await readdir(folder)]).toEqual([0, 'Stopped.', ['kubelet.sock']]);
    await kubelet.close();
  },
);
