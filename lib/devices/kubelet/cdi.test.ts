import { describe, expect, test } from 'vitest';
import { PPU_CONTAINER } from '../containers.ts';
import { openTestFleet } from '../testing.ts';
import { cdiFileName, cdiSpec, lowestCdiVersion, type CdiContent } from './cdi.ts';

async function cards(count: number) {
  const fleet = openTestFleet();
  return (await (await fleet.driver()).list()).slice(0, count);
}

function content(change: Partial<CdiContent> = {}): CdiContent {
  const device = { name: 'GPU-1', containerEdits: { deviceNodes: [{ path: '/dev/alixpu_ppu0' }] } };
  return { kind: 'alibabacloud.com/ppu', devices: [device], ...change };
}

describe('the CDI specification of a server', () => {
  test('names each card by uuid and all at once, with the nodes that every container needs beside them', async () => {
    const [a, b] = await cards(2);
    const rw = (path: string | undefined) => ({ path, permissions: 'rw' });
    expect(cdiSpec(PPU_CONTAINER, await cards(2))).toEqual({
      cdiVersion: '0.3.0',
      kind: 'alibabacloud.com/ppu',
      devices: [
        { name: a?.uuid, containerEdits: { deviceNodes: [rw('/dev/alixpu_ppu0')] } },
        { name: b?.uuid, containerEdits: { deviceNodes: [rw('/dev/alixpu_ppu1')] } },
        { name: 'all', containerEdits: { deviceNodes: [rw('/dev/alixpu_ppu0'), rw('/dev/alixpu_ppu1')] } },
      ],
      containerEdits: { deviceNodes: [rw('/dev/alixpu'), rw('/dev/alixpu_ctl')] },
    });
  });

  test('names every device that an allocation names', async () => {
    const fleet = openTestFleet();
    const uuids = [fleet.uuid(3), fleet.uuid(9)];
    const [allocation] = await fleet.world.plugin('node-000').allocate([{ deviceIds: uuids }]);
    const spec = cdiSpec(PPU_CONTAINER, await (await fleet.driver()).list());
    const names = spec?.devices.map(({ name }) => `${spec.kind}=${name}`);
    for (const name of allocation?.cdiDevices ?? ['none']) expect(names).toContain(name);
  });

  test('does not exist without cards, for one without devices is not valid', () =>
    expect(cdiSpec(PPU_CONTAINER, [])).toBeNull());

  test('lies in a file that is named after its vendor and class', () =>
    expect(cdiFileName('alibabacloud.com/ppu')).toBe('alibabacloud.com-ppu.json'));
});

describe('the version is the lowest that has', () => {
  const edits = { deviceNodes: [{ path: '/dev/alixpu', hostPath: '/dev/alixpu' }] };
  const mount = { hostPath: '/usr/local/PPU_SDK', containerPath: '/usr/local/PPU_SDK' };
  test.each<[string, Partial<CdiContent>, string]>([
    ['nodes and names', {}, '0.3.0'],
    ['mounts', { containerEdits: { mounts: [mount] } }, '0.3.0'],
    ['mounts of a type', { containerEdits: { mounts: [{ ...mount, type: 'bind' }] } }, '0.4.0'],
    ['other paths on the host', { containerEdits: edits }, '0.5.0'],
    ['names that begin with a digit', { devices: [{ name: '0', containerEdits: {} }] }, '0.5.0'],
    ['annotations', { devices: [{ name: 'a', annotations: {}, containerEdits: {} }] }, '0.6.0'],
    ['a class with a dot', { kind: 'alibabacloud.com/ppu-4u.4g48gb' }, '0.6.0'],
  ])('%s', (_, change, version) => expect(lowestCdiVersion(content(change))).toBe(version));

  test.each([
    { kind: 'ppu' },
    { kind: 'alibabacloud.com/' },
    { kind: '../x/ppu' },
    { devices: [{ name: 'a/b', containerEdits: {} }] },
    { devices: [{ name: '', containerEdits: {} }] },
  ])('and none for %j', (change) => expect(() => lowestCdiVersion(content(change))).toThrow());
});
