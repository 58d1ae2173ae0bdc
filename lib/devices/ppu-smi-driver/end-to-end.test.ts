import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ppuTools } from '../ppu-smi/ppu-smi.ts';
import { serveTools } from '../ppu-smi/socket.ts';
import { openFleet } from '../registry.ts';
import { at, openTestFleet } from '../testing.ts';
import { processCommand } from '../tool/command.ts';
import { pauseFor } from '../tool/pause.ts';
import { DriverCode } from '../types.ts';

const BIN = path.resolve(import.meta.dirname, '../../../bin');
const folder = mkdtempSync(path.join(tmpdir(), 'kashi-smi-'));
const AT = at('2026-11-21T06:00:00Z');
afterAll(() => rmSync(folder, { recursive: true }));

const tool = (name: string, dataDir = folder) => ({
  program: '/usr/bin/env',
  args: [`KASHI_DATA_DIR=${dataDir}`, 'KASHI_NODE=node-000', path.join(BIN, name)],
});

/** A simulated server whose tools are programs, and a fleet that knows nothing of it but these programs. */
async function openHost() {
  const simulated = openTestFleet({ modelId: 'm890' });
  const shelf = ppuTools({ openDriver: () => simulated.world.driver('node-000'), now: () => AT, wait: pauseFor });
  const server = await serveTools(() => new Map([['node-000', shelf]]), path.join(folder, 'devices.sock'));
  const node = { nodeId: 'node-000', ppuSmi: tool('ppu-smi'), lspci: tool('lspci'), isLocal: false };
  const fleet = openFleet('ppu-smi', { nodes: [node], clock: () => AT, timeoutMs: 30_000 });
  return {
    simulated,
    fleet,
    close: async () => {
      await fleet.close();
      await server?.close();
    },
  };
}

test('a server is managed through the programs of its host and nothing else', async () => {
  const { simulated, fleet, close } = await openHost();
  const [real, driver] = [await simulated.driver(), fleet.driver('node-000')];
  await driver.init();
  const cards = await driver.list();
  expect(cards).toEqual(await real.list());
  expect(await driver.presence()).toEqual(
    [...(await real.presence())].sort((a, b) => (a.pciBusId < b.pciBusId ? -1 : 1)),
  );

  const abort = new AbortController();
  const events = driver.events(['xid', 'recovery_action'], abort.signal)[Symbol.asyncIterator]();
  const uuid = simulated.uuid(2);
  await simulated.inject('kill_overtime', 2);
  expect((await events.next()).value).toMatchObject({ type: 'xid', code: 16256, uuid, at: AT });
  expect((await events.next()).value).toMatchObject({ type: 'recovery_action', action: 'device_reset', uuid });
  const { tempC } = await driver.sample({ uuid }, ['tempC']);
  expect(tempC).toEqual({ ok: false, code: DriverCode.RESET_REQUIRED });

  // The tool refuses while its own monitor runs, so this holds only because the driver lets its one go first.
  await driver.reset({ uuid }, 'ppu');
  await expect(events.next()).rejects.toMatchObject({ code: DriverCode.NOT_READY });
  expect(await driver.recoveryAction({ uuid })).toMatchObject({ ok: true, value: 'none' });
  await close();
}, 120_000);

test('without an engine the tool says so and fails', async () => {
  const { program, args } = tool('ppu-smi', path.join(folder, 'nowhere'));
  const { stderr, exitCode } = await processCommand(program, args).run(['-L'], { timeoutMs: 60_000 });
  expect(stderr).toMatch(/^ppu-smi: no engine serves devices at .*devices\.sock; start one with npm start\n$/);
  expect(exitCode).toBe(1);
});
