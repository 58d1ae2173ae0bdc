import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { exchange } from '#lib/devices/ppu-smi/testing-client.ts';
import { out, type ToolShelf } from '#lib/devices/tool/program.ts';
import { ToolDoor } from './tool-door.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kashi-door-'));
const doors: ToolDoor[] = [];

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

function doorOf(name: string, at: string): ToolDoor {
  const shelf: ToolShelf = new Map([
    [
      'who',
      async function* () {
        yield out(name);
        return 0;
      },
    ],
  ]);
  const door = new ToolDoor(() => new Map([['srv-a', shelf]]), at);
  doors.push(door);
  return door;
}

const ask = (at: string): Promise<string> => exchange(at, '{"node":null,"program":"who","args":[]}\n');

test('a second engine does not disturb the first, and takes its place when it is gone', async () => {
  const at = path.join(folder, 'a.sock');
  const [first, second] = [doorOf('first', at), doorOf('second', at)];
  await first.open();
  await second.open();
  expect(await ask(at)).toContain('first');
  await first.close();
  await second.open();
  expect(await ask(at)).toContain('second');
});

test('a door that cannot be opened stops nothing', async () => {
  const at = path.join(folder, 'kept');
  writeFileSync(at, 'a file');
  await doorOf('any', at).open();
  await doorOf('any', path.join(folder, 'x'.repeat(200))).open();
});
