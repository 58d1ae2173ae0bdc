import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { offerRegistration } from './plugin-registration.ts';
import { News, testFolder } from './testing.ts';
import { message, WireClient } from './testing-wire.ts';

const GET_INFO = '/pluginregistration.Registration/GetInfo';
const NOTIFY = '/pluginregistration.Registration/NotifyRegistrationStatus';

/** A plugin on offer, and a kubelet made of numbers that has found it. */
async function setup() {
  const registryFolder = await testFolder();
  const registered = new News<'registered'>();
  const abort = new AbortController();
  const endpoint = '/var/lib/kubelet/device-plugins/alibabacloud.com-ppu.sock';
  const ended = offerRegistration(
    { resourceName: 'alibabacloud.com/ppu', endpoint, registryFolder, registered: () => registered.tell('registered') },
    abort.signal,
  );
  ended.catch(() => undefined);
  onTestFinished(() => abort.abort());
  const socketPath = path.join(registryFolder, 'alibabacloud.com-ppu.sock');
  const client = new WireClient(socketPath);
  while (!existsSync(socketPath)) await new Promise((resolve) => setImmediate(resolve));
  return { abort, ended, registered, client, socketPath, endpoint };
}

describe('a plugin in the folder that a kubelet watches', () => {
  test('says what it is, where, and in which versions', async () => {
    const { client, endpoint } = await setup();
    const info = await client.call(GET_INFO, Buffer.alloc(0));
    expect([info.text(1), info.text(2), info.text(3), info.texts(4)]).toEqual([
      'DevicePlugin',
      'alibabacloud.com/ppu',
      endpoint,
      ['v1beta1'],
    ]);
  });

  test('hears that it is registered, and takes itself back by removing its socket', async () => {
    const { abort, client, ended, registered, socketPath } = await setup();
    await client.call(NOTIFY, message([1, true]));
    expect(await registered.next()).toBe('registered');
    abort.abort();
    await ended;
    expect(existsSync(socketPath)).toBe(false);
  });

  test('ends with the reason when the kubelet will not have it', async () => {
    const { client, ended, socketPath } = await setup();
    await client.call(NOTIFY, message([1, false], [2, 'the name is taken']));
    await expect(ended).rejects.toThrow('the name is taken');
    expect(existsSync(socketPath)).toBe(false);
  });
});
