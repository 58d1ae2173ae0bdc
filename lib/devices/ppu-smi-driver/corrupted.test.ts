import { describe, expect, test } from 'vitest';
import type { ToolCommand, ToolResult } from '../tool/command.ts';
import { type DeviceDriver, DriverCode, DriverError, SAMPLE_FIELDS } from '../types.ts';
import { type Corruption, openRig } from './testing-rig.ts';

const TIMEOUT_MS = 30;

/** Changes what the tool answers once the handle is up; until then it answers as it should. */
function later(change: (result: ToolResult, args: readonly string[]) => ToolResult | Promise<ToolResult>) {
  let isOn = false;
  const corrupt: Corruption = (tool: ToolCommand) => ({
    run: async (args, options) => {
      const result = await tool.run(args, options);
      return isOn ? change(result, args) : result;
    },
    follow: (args, signal) => tool.follow(args, signal),
  });
  return {
    corrupt,
    begin: () => {
      isOn = true;
    },
  };
}

const text = (change: (stdout: string) => string) => (result: ToolResult) => ({
  ...result,
  stdout: change(result.stdout),
});

/** Everything that is read, by name; what fails answers with its code. */
async function readAll(driver: DeviceDriver, uuid: string): Promise<Record<string, unknown>> {
  const reads = {
    list: () => driver.list(),
    presence: () => driver.presence(),
    sample: () => driver.sample({ uuid }, SAMPLE_FIELDS),
    processes: () => driver.processes({ uuid }),
    links: () => driver.links({ uuid }),
    topology: () => driver.topology(),
    fabric: () => driver.fabric({ uuid }),
    recovery: () => driver.recoveryAction({ uuid }),
    system: () => driver.system(),
  };
  const answers: [string, unknown][] = [];
  for (const [name, read] of Object.entries(reads)) {
    const answer = await read().catch((error: unknown) => {
      if (error instanceof DriverError) return { code: error.code };
      throw error;
    });
    answers.push([name, answer]);
  }
  return Object.fromEntries(answers);
}

async function openServer(change: Parameters<typeof later>[0], connection = {}) {
  const { corrupt, begin } = later(change);
  const rig = openRig({ modelId: 'm890', corrupt, connection });
  const driver = rig.connect();
  await driver.init();
  const [first, second] = await driver.list();
  const uuids = [first?.uuid ?? '', second?.uuid ?? ''] as const;
  rig.host.spawn({ uuids: [uuids[0]], name: 'train', runSeconds: null, exitCode: 0, load: 'training' });
  const truth = await readAll(driver, uuids[0]);
  begin();
  return { rig, driver, uuid: uuids[0], truth };
}

/** What was told is the truth or a code, down to each reading; nothing is made up. */
function expectHonest(told: unknown, truth: unknown, where = 'all'): void {
  if (typeof told !== 'object' || told === null) {
    expect(told, where).toEqual(truth);
    return;
  }
  if ('code' in told) return;
  expect(Object.keys(told), where).toEqual(Object.keys(truth ?? {}));
  for (const [key, part] of Object.entries(told)) {
    expectHonest(part, (truth as Record<string, unknown>)[key], `${where}/${key}`);
  }
}

describe('an answer that was broken off', () => {
  // Process names end a line that nothing follows, and a list of processes has no count: told apart by the status alone.
  const CUTS = [0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.99];
  const isProcesses = (args: readonly string[]): boolean => args.some((arg) => arg.startsWith('--query-compute-apps'));

  test.each(CUTS)('after %d of it tells the truth or a code', async (share) => {
    const { driver, uuid, truth } = await openServer((result, args) =>
      isProcesses(args)
        ? result
        : { ...result, stdout: result.stdout.slice(0, Math.floor(result.stdout.length * share)) },
    );
    expectHonest(await readAll(driver, uuid), truth);
  });

  test.each([1, 2, 3, 5, 8, 9, 12, 20, 150, 200])(
    'between two lines, %d before its end, tells the truth or a code',
    async (missing) => {
      const { driver, uuid, truth } = await openServer((result, args) => {
        const lines = result.stdout.split('\n').filter((line) => line !== '');
        // The head of a report is whole before its first card, and a list of one may end after its header.
        const isExempt = isProcesses(args) || (args[0] === '-q' && args.includes('-d'));
        const whole = isExempt ? 0 : missing;
        return {
          ...result,
          stdout: lines
            .slice(0, lines.length - whole)
            .map((line) => `${line}\n`)
            .join(''),
        };
      });
      expectHonest(await readAll(driver, uuid), truth);
    },
  );

  test('by a tool that was killed is UNKNOWN however whole it looks', async () => {
    const { driver, uuid } = await openServer((result) => ({ ...result, exitCode: 137 }));
    const told = await readAll(driver, uuid);
    for (const [name, answer] of Object.entries(told)) expect(answer, name).toEqual({ code: DriverCode.UNKNOWN });
  });
});

describe('an answer that is garbled', () => {
  test.each([
    ['mebibytes that are gibibytes', (out: string) => out.replaceAll('MiB', 'GiB')],
    ['watts that are milliwatts', (out: string) => out.replace(/ W\b/g, ' mW')],
    ['links in other units', (out: string) => out.replace(/GB\/s|MB\/s/g, 'GT/s').replace(/\b16x/g, '16')],
    ['flows in other units', (out: string) => out.replaceAll('MB/s', 'KB/s')],
    ['digits that are not', (out: string) => out.replace(/\d(?=\d* (MiB|W|%|C|MHz|GB))/g, 'O')],
    ['commas that are semicolons', (out: string) => out.replaceAll(', ', '; ')],
    ['columns in another number', (out: string) => out.replace(/, /, ', , ')],
    ['bytes that are no text', (out: string) => out.replaceAll('e', '\ufffd')],
    ['a page of something else', () => '<html><body>504 Gateway Time-out</body></html>\n'],
    ['numbers below zero', (out: string) => out.replace(/, (\d)/g, ', -$1')],
  ])('%s tells the truth or a code', async (_, change) => {
    const { driver, uuid, truth } = await openServer(text(change));
    expectHonest(await readAll(driver, uuid), truth);
  });

  test('nothing but N/A is not supported, never zero, and a card is still what it was', async () => {
    const { driver, uuid, truth } = await openServer((result, args) => {
      const isTable = args.some((arg) => arg.startsWith('--query-ppu'));
      return isTable ? { ...result, stdout: result.stdout.replace(/(?<=, )[\d.]+ (MiB|W|%|C|MHz)/g, 'N/A') } : result;
    });
    const sample = await driver.sample({ uuid }, ['tempC', 'powerMw', 'memUsedBytes', 'memUsableBytes', 'utilPct']);
    expect(Object.values(sample)).toEqual(Array(5).fill({ ok: false, code: DriverCode.NOT_SUPPORTED }));
    expect(await driver.list()).toEqual(truth['list']);
  });

  test.each([
    ['[Unknown Error]', DriverCode.UNKNOWN],
    ['[GPU is lost]', DriverCode.DEVICE_LOST],
    ['[PPU requires reset]', DriverCode.RESET_REQUIRED],
    ['[Insufficient Permissions]', DriverCode.NO_PERMISSION],
    ['[Not Supported]', DriverCode.NOT_SUPPORTED],
  ])('%s in a cell is its code', async (words, code) => {
    const { driver, uuid } = await openServer(text((out) => out.replace(/\d+ C\b/g, words)));
    expect(await driver.sample({ uuid }, ['tempC'])).toEqual({ tempC: { ok: false, code } });
  });
});

describe('a tool that fails', () => {
  test.each([
    ['init HGML error: driver is not loaded', DriverCode.DRIVER_NOT_LOADED],
    ['init HGML error: driver/library version mismatch', DriverCode.LIB_RM_MISMATCH],
    ['Insufficient permissions', DriverCode.NO_PERMISSION],
    ['Segmentation fault', DriverCode.UNKNOWN],
    ['what?', DriverCode.UNKNOWN],
    ['', DriverCode.UNKNOWN],
  ])('with status 0 and %j is its code', async (words, code) => {
    const { driver, uuid } = await openServer(text(() => `${words}\n`));
    await expect(driver.system()).rejects.toMatchObject({ code });
    await expect(driver.sample({ uuid }, ['tempC'])).rejects.toMatchObject({ code });
    await expect(driver.recoveryAction({ uuid })).rejects.toMatchObject({ code });
  });

  test('a tool that hangs costs each caller no more than he gave it', async () => {
    const hanging = (): Promise<ToolResult> => new Promise(() => undefined);
    const { driver, uuid } = await openServer(hanging);
    const calls = [
      driver.list({ timeoutMs: TIMEOUT_MS }),
      driver.presence({ timeoutMs: TIMEOUT_MS }),
      driver.sample({ uuid }, ['tempC'], { timeoutMs: TIMEOUT_MS }),
      driver.links({ uuid }, { timeoutMs: TIMEOUT_MS }),
      driver.setPowerLimit({ uuid }, 400_000, { timeoutMs: TIMEOUT_MS }),
      driver.reset({ uuid }, 'ppu', { timeoutMs: TIMEOUT_MS }),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: DriverCode.TIMEOUT } });
    }
    const abort = new AbortController();
    const waiting = driver.topology({ signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('words in an answer of many lines are no failure of the tool', async () => {
    const { driver, uuid } = await openServer(text((out) => `${out.replaceAll(',', ';')}\nthe driver is not loaded\n`));
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    await expect(driver.sample({ uuid }, ['tempC'])).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });

  test('a change that fails without a word is UNKNOWN', async () => {
    const { driver, uuid } = await openServer((result, args) =>
      args.includes('-r') || args.includes('-d') ? { stdout: '', stderr: '', exitCode: 1 } : result,
    );
    await expect(driver.rediscover()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    const [, idle] = await driver.list();
    await expect(driver.remove(idle?.pciBusId ?? '')).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    expect(uuid).not.toBe(idle?.uuid);
  });

  test('a change that was printed and did not happen is not believed', async () => {
    const lying: Corruption = (tool) => ({
      run: (args, options) =>
        args.includes('-pl') || (args[0] === 'drain' && args.includes('-m')) || args.includes('-mig')
          ? Promise.resolve({ stdout: 'All done.\n', stderr: '', exitCode: 0 })
          : tool.run(args, options),
      follow: (args, signal) => tool.follow(args, signal),
    });
    const rig = openRig({ modelId: 'm890', corrupt: lying });
    const driver = rig.connect();
    await driver.init();
    const [card] = await driver.list();
    const ref = { uuid: card?.uuid ?? '' };
    await expect(driver.setPowerLimit(ref, 300_000)).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    await expect(driver.setDrain(card?.pciBusId ?? '', true)).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    await expect(driver.setPartitionMode(ref, true)).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });
});
