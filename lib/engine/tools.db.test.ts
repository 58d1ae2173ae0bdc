import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exchange } from '#lib/devices/ppu-smi/testing-client.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { openTestMarket, settleDown } from './testing-market.ts';
import { ToolDoor } from './tool-door.ts';

await createTestDatabase();
const market = await openTestMarket(32, 0n);
const folder = mkdtempSync(path.join(tmpdir(), 'kashi-tools-'));
const socketPath = path.join(folder, 'devices.sock');
const door = new ToolDoor(() => market.engine.tools, socketPath);
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

async function run(node: string | null, program: string, ...args: readonly string[]): Promise<string> {
  const frames = (await exchange(socketPath, `${JSON.stringify({ node, program, args })}\n`)).trim().split('\n');
  return frames.map((frame) => Object.values(JSON.parse(frame))[0]).join('');
}

test('the servers that an engine leads have their tools, and no others', async () => {
  await door.open();
  expect(await run(null, 'ppu-smi', '-L')).toBe('No server is led here now.\n2');
  await settleDown(market);
  const servers = [...market.engine.tools.keys()];
  expect(servers).toHaveLength(2);
  const lists = await Promise.all(servers.map((server) => run(server, 'ppu-smi', '-L')));
  const uuids = lists.flatMap((list) => [...list.matchAll(/GPU-[0-9a-f-]{36}/g)].map(([uuid]) => uuid));
  const known = market.engine.pools.flatMap((pool) => pool.fleet.cards.map((card) => card.uuid));
  expect(uuids.toSorted()).toEqual(known.toSorted());
  expect(await run(null, 'lspci', '-d', '1ded:6001')).toMatch(/^(.* 3D controller: .*\n){16}0$/);
});
