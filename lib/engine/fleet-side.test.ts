import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { type Hosts, NO_HOSTS } from '#lib/devices/hosts.ts';
import { ppuTools } from '#lib/devices/ppu-smi/ppu-smi.ts';
import { serveTools } from '#lib/devices/ppu-smi/socket.ts';
import { at, nodeSpecs, openTestFleet } from '#lib/devices/testing.ts';
import { pauseFor } from '#lib/devices/tool/pause.ts';
import type { HealthChange } from '#lib/devices/watched-cards.ts';
import type { PoolFleet } from '#lib/inventory/types.ts';
import { FleetSide } from './fleet-side.ts';

const NOW = at('2026-11-21T06:00:00Z');
const BIN = path.resolve(import.meta.dirname, '../../bin');
const folder = mkdtempSync(path.join(tmpdir(), 'kashi-side-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SERVERS = nodeSpecs(2, 'm890').map(({ cards }, ordinal) => ({
  id: idFrom('server', `nod_${ordinal}`),
  ordinal,
  cards,
}));

/** A pool of two servers. The cards of the first are those that `node-000` of a test fleet has. */
const POOL: PoolFleet = {
  poolId: idFrom('pool', 'pol_test'),
  siteId: idFrom('site', 'sit_test'),
  modelId: 'm890',
  servers: SERVERS.map(({ id, ordinal }) => ({
    id,
    ordinal,
    supernodeId: 'plc_s',
    podId: 'plc_p',
    driverVersion: '2.1.0',
    driverKind: 'simulated',
  })),
  cards: SERVERS.flatMap(({ id, ordinal, cards }) =>
    cards.map((card) => ({
      ...card,
      serial: card.serial ?? '',
      id: idFrom('card', `crd_${ordinal}-${card.slot}`),
      ordinal: ordinal * cards.length + card.slot,
      serverOrdinal: ordinal,
      serverId: id,
      health: 'healthy' as const,
      takesNewWork: true,
      lifecycle: 'in_service' as const,
      probationUntil: null,
      commercial: 'on-sale' as const,
    })),
  ),
};
const REAL = 'nod_0';
const REAL_CARDS = SERVERS[0]?.cards.map(({ uuid }) => uuid) ?? [];
const [FIRST_REAL = ''] = REAL_CARDS;

function open(hosts: Hosts): FleetSide {
  return new FleetSide(POOL, { seed: 1, rates: null, startAt: NOW, openFaults: [], hosts });
}

const healthOf = (changes: readonly HealthChange[], uuid: string): string | undefined =>
  changes.findLast((change) => change.uuid === uuid)?.verdict.health;

/** Goes round until something has become known; the test's own limit bounds it. */
async function observeUntil(side: FleetSide, isKnown: (changes: readonly HealthChange[]) => boolean): Promise<void> {
  const changes: HealthChange[] = [];
  while (!isKnown(changes)) {
    changes.push(...(await side.observe(NOW)));
    await turn();
  }
}

test('a server that is real by configuration is followed, granted and shown through its tools alone', async () => {
  const host = openTestFleet({ modelId: 'm890' });
  const shelf = ppuTools({ openDriver: () => host.world.driver('node-000'), now: () => NOW, wait: pauseFor });
  const tools = await serveTools(() => new Map([['node-000', shelf]]), path.join(folder, 'devices.sock'));
  const runner = [
    '/usr/bin/env',
    `KASHI_DATA_DIR=${folder}`,
    'KASHI_NODE=node-000',
    `PATH=${BIN}:${process.env['PATH']}`,
  ];
  const side = open(new Map([[REAL, { driver: 'ppu-smi', runner }]]));

  await observeUntil(side, (changes) => REAL_CARDS.every((uuid) => healthOf(changes, uuid) === 'healthy'));
  expect((await side.grant(REAL, [FIRST_REAL])).cdiDevices).toEqual([`alibabacloud.com/ppu=${FIRST_REAL}`]);

  const card = POOL.cards.find(({ uuid }) => uuid === FIRST_REAL);
  if (!card) throw new Error('the pool has the card');
  let readings = await side.sample(card);
  while (readings === null) {
    await turn();
    readings = await side.sample(card);
  }
  expect(readings['tempC']).toBeGreaterThan(20);

  await host.inject('lost', 0);
  await observeUntil(side, (changes) => healthOf(changes, FIRST_REAL) === 'unhealthy');
  expect(await side.perform({ target: REAL, kind: 'os_reboot' })).toContain('failed with code 3');
  expect(() => side.hosts.spawn(REAL, { uuids: [], name: 'x', runSeconds: 1, exitCode: 0 })).toThrow('code 3');
  side.close();
  await tools?.close();
}, 120_000);

test('a real server that hangs holds up nobody else', async () => {
  const side = open(new Map([[REAL, { driver: 'ppu-smi', runner: ['/bin/sh', '-c', 'sleep 60'] }]]));
  const changes = await side.observe(NOW);
  expect(changes.map(({ uuid }) => uuid).sort()).toEqual(SERVERS[1]?.cards.map(({ uuid }) => uuid).sort());
  expect(side.proof(FIRST_REAL)).toBeNull();
  side.close();
});

test('a fault that announces itself by no event is found within a round over the servers', async () => {
  const side = open(NO_HOSTS);
  await side.observe(NOW);
  const card = SERVERS[1]?.cards[2];
  const drain = side.tools.get('nod_1')?.get('ppu-smi');
  if (!card || !drain) throw new Error('the server has the card and the tool');
  for await (const _ of drain(['drain', '-p', card.pciBusId, '-m', '1'], new AbortController().signal));
  const changes = [...(await side.observe(NOW)), ...(await side.observe(NOW))];
  expect(changes.find(({ uuid }) => uuid === card.uuid)?.verdict.reason).toBe('drained');
  side.close();
});

test('a fault that ops made shows at once, though it announces itself by no event', async () => {
  const side = open(NO_HOSTS);
  await side.observe(NOW);
  expect(await side.perform({ target: FIRST_REAL, kind: 'icn_half_width' })).toBe('done');
  expect(healthOf(await side.observe(NOW), FIRST_REAL)).toBe('degraded');
  side.close();
});

test('without such a file every server is simulated', async () => {
  const side = open(NO_HOSTS);
  expect(await side.observe(NOW)).toHaveLength(16);
  expect(await side.perform({ target: REAL, kind: 'os_reboot' })).toBe('done');
  side.close();
});
