import { describe, expect, test, vi } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { HOUR_MS, plusSeconds } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { openFleet } from '../registry.ts';
import { at } from '../testing.ts';
import type { ToolCommand, ToolResult } from '../tool/command.ts';
import { refusingTool } from '../tool/refusing-tool.ts';
import { CARD_FAULT_KINDS } from '../fault-types.ts';
import {
  type DeviceDriver,
  type DeviceEvent,
  DriverCode,
  DriverError,
  type EventStream,
  type Presence,
  type SampleField,
  SAMPLE_FIELDS,
} from '../types.ts';
import { FleetWatch } from '../watch.ts';
import { LogFollower } from './log-follower.ts';
import { NODE, openComposedServer, untilAborted } from './testing-recording/rig.ts';
import type { NvidiaTools } from './tools.ts';

type Rewrite = (args: readonly string[], result: ToolResult) => ToolResult | Promise<never>;

/** A server whose `nvidia-smi` answers as `rewrite.now` says, which a test may change. */
async function rewritten(first: Rewrite = (_args, result) => result) {
  const rewrite = { now: first };
  const change = (tools: NvidiaTools): NvidiaTools => ({
    ...tools,
    nvidiaSmi: {
      ...tools.nvidiaSmi,
      run: async (args, options) => rewrite.now(args, await tools.nvidiaSmi.run(args, options)),
    },
  });
  const server = await openComposedServer({ change });
  const driver = server.fleet.driver(NODE);
  await driver.init();
  return { ...server, driver, rewrite };
}

/** What a subscriber has by now. */
async function drain(stream: EventStream): Promise<DeviceEvent[]> {
  const heard: DeviceEvent[] = [];
  const events = stream[Symbol.asyncIterator]();
  while (stream.pending > 0) {
    const { done, value } = await events.next();
    if (done) break;
    heard.push(value);
    if (stream.pending <= 1) break;
  }
  return heard;
}

/** What a call answered, or the code with which it failed. */
const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (error instanceof DriverError ? error.code : Promise.reject(error)));

const hang: Rewrite = () => Promise.reject(new DriverError(DriverCode.TIMEOUT, 'nvidia-smi'));

describe('every state of the cards reads the same through the tool as behind it', () => {
  /** Watts to the hundredth, memory to the mebibyte. */
  const PRINTED_TO: Partial<Record<SampleField, number>> = { powerMw: 10, memUsedBytes: MIB };

  test.each(CARD_FAULT_KINDS)('%s', async (kind) => {
    const { driver, behind, rig } = await rewritten();
    await rig.hold(behind.uuid(1));
    await behind.inject(kind, 3);
    behind.passTo(plusSeconds(behind.now(), 30));
    const real = await behind.driver();
    expect(await driver.list()).toEqual(await real.list());
    expect(await driver.topology()).toEqual(await real.topology());
    const byBus = (a: Presence, b: Presence): number => (a.pciBusId < b.pciBusId ? -1 : 1);
    expect((await driver.presence()).toSorted(byBus)).toEqual((await real.presence()).toSorted(byBus));
    for (let slot = 0; slot < 8; slot += 1) {
      const ref = { uuid: behind.uuid(slot) };
      expect(await outcomeOf(driver.recoveryAction(ref))).toEqual(await outcomeOf(real.recoveryAction(ref)));
      expect(await outcomeOf(driver.fabric(ref))).toEqual(await outcomeOf(real.fabric(ref)));
      if (kind === 'vfio_bound' && slot === 3) {
        expect(await outcomeOf(driver.sample(ref, ['tempC']))).toBe(DriverCode.NOT_FOUND);
        continue;
      }
      const [ours, theirs] = [await driver.sample(ref, SAMPLE_FIELDS), await real.sample(ref, SAMPLE_FIELDS)];
      for (const field of SAMPLE_FIELDS) {
        const [a, b] = [ours[field], theirs[field]];
        const step = PRINTED_TO[field] ?? 0;
        if (field === 'energyMj' || field === 'pcieReplay') expect(a.ok).toBe(false);
        else if (a.ok && b.ok) expect([field, Math.abs(a.value - b.value) <= step / 2]).toEqual([field, true]);
        else expect([field, a]).toEqual([field, b]);
      }
      if (kind === 'lost' && slot === 3) continue;
      const states = (links: Awaited<ReturnType<DeviceDriver['links']>>) =>
        links.map(({ id, state, remote, gigabytesPerSec }) => ({ id, state, remote, gigabytesPerSec }));
      expect(states(await driver.links(ref))).toEqual(states(await real.links(ref)));
    }
  });
});

describe('rubbish from the tool is a code and never a shorter truth', () => {
  test.each(['--query-gpu', 'topo', 'nvlink', '--query-compute-apps'])('%s cut off anywhere', async (command) => {
    const { driver, rewrite, behind, rig } = await rewritten();
    await rig.hold(behind.uuid(0));
    const whole = JSON.stringify(await everything(driver));
    let length = 0;
    for (const share of [0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
      rewrite.now = (args, result) => {
        if (!args[0]?.startsWith(command)) return result;
        length = Math.floor(result.stdout.length * share);
        return { ...result, stdout: result.stdout.slice(0, length) };
      };
      const answer = await everything(driver).catch((error: unknown) => error);
      const isCode = answer instanceof DriverError && answer.code === DriverCode.UNKNOWN;
      // What is cut off may be a legend that nobody reads.
      expect([command, share, isCode || JSON.stringify(answer) === whole]).toEqual([command, share, true]);
    }
  });

  async function everything(driver: DeviceDriver): Promise<unknown> {
    const cards = await driver.list();
    const first = { uuid: present(cards[0], 'a card').uuid };
    return [cards, await driver.topology(), await driver.processes(first), await driver.links(first)];
  }

  test.each([
    ['an empty answer', ''],
    ['a crash', 'Segmentation fault (core dumped)\n'],
    ['a table of something else', 'pid, process_name\n7, python\n'],
  ])('%s to the query', async (_name, stdout) => {
    const { driver, rewrite } = await rewritten();
    rewrite.now = (args, result) => (args[0]?.startsWith('--query-gpu') ? { ...result, stdout } : result);
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });

  test('a program may call itself whatever it likes', async () => {
    const { driver, behind, rig, rewrite } = await rewritten();
    await rig.hold(behind.uuid(0));
    rewrite.now = (_args, result) => ({ ...result, stdout: result.stdout.replace('holder', '<a> & b, 0 MiB, GPU-x') });
    const [process] = await driver.processes({ uuid: behind.uuid(0) });
    expect(process?.name).toBe('<a> & b, 0 MiB, GPU-x');
  });

  test('a key that another version does not know is asked for no more', async () => {
    const { driver, rewrite } = await rewritten();
    let asked = '';
    rewrite.now = (args, result) => {
      if (args[0] === '--help-query-gpu') return { ...result, stdout: result.stdout.replace('"fabric.state"', '') };
      if (args[0]?.startsWith('--query-gpu')) asked = args[0];
      const isUnknown = args[0]?.startsWith('--query-gpu') && args[0].includes('fabric.state');
      return isUnknown
        ? { exitCode: 2, stdout: 'Field "fabric.state" is not a valid field to query.\n', stderr: '' }
        : result;
    };
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.INVALID_ARGUMENT });
    expect(await driver.list()).toHaveLength(8);
    expect(asked).not.toContain('fabric.state');
  });
});

describe('a tool that hangs', () => {
  test('is given up by each call, and a caller may give up sooner', async () => {
    const { driver, rewrite } = await rewritten();
    rewrite.now = hang;
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
    rewrite.now = () => new Promise<never>(() => undefined);
    await expect(driver.list({ timeoutMs: 20 })).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('proves nothing: a stream is complete no further than the last beat that was answered', async () => {
    const { fleet, driver, behind, rewrite } = await rewritten();
    const stream = driver.events(['xid'], new AbortController().signal);
    behind.passTo('2026-11-21T06:01:00Z');
    await fleet.beat(NODE);
    rewrite.now = hang;
    behind.passTo('2026-11-21T06:02:00Z');
    await fleet.beat(NODE);
    expect(stream.completeTo).toBe(at('2026-11-21T06:01:00Z'));
  });
});

test('a beat proves up to the time before its first question, not to that of its last answer', async () => {
  const { fleet, driver, behind, rewrite } = await rewritten();
  const stream = driver.events(['xid'], new AbortController().signal);
  await fleet.beat(NODE);
  behind.passTo('2026-11-21T06:01:00Z');
  rewrite.now = (_args, result) => {
    behind.passTo('2026-11-21T06:02:00Z');
    return result;
  };
  await fleet.beat(NODE);
  expect(stream.completeTo).toBe(at('2026-11-21T06:01:00Z'));
});

describe('the log of the kernel', () => {
  test('whose follower is late proves nothing before it has caught up', async () => {
    const gate = Promise.withResolvers<void>();
    const { host, fleet, behind } = await openComposedServer({
      change: (tools) => ({
        ...tools,
        journalctl: {
          run: (args, options) => tools.journalctl.run(args, options),
          async *follow(args, signal) {
            for await (const line of tools.journalctl.follow(args, signal)) {
              if (line.includes('Xid')) await gate.promise;
              yield line;
            }
          },
        },
      }),
    });
    const driver = fleet.driver(NODE);
    await driver.init();
    const stream = driver.events(['xid'], new AbortController().signal);
    const before = stream.completeTo;
    await fleet.beat(NODE);
    behind.passTo('2026-11-21T06:01:00Z');
    host.journal.append(behind.now(), 'NVRM: Xid (PCI:0000:1b:00): 79, GPU has fallen off the bus.');
    host.commands.length = 0;
    const beat = fleet.beat(NODE);
    await vi.waitFor(() => expect(host.commands.join()).toContain('--query-gpu'), 10_000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([stream.completeTo, stream.pending]).toEqual([before, 0]);
    gate.resolve();
    await beat;
    expect((await drain(stream)).map((event) => event.type === 'xid' && event.code)).toEqual([79]);
    expect(stream.completeTo).toBe(at('2026-11-21T06:01:00Z'));
  });

  test('is heard from the moment of following it on, not from the entry before', async () => {
    const { fleet, host, now } = await openComposedServer();
    host.journal.append(now(), 'NVRM: Xid (PCI:0000:1b:00): 31, pid=1');
    const driver = fleet.driver(NODE);
    await driver.init();
    const stream = driver.events(['xid'], new AbortController().signal);
    await fleet.beat(NODE);
    expect(await drain(stream)).toEqual([]);
  });

  test('whose clock is behind or ahead of ours moves no event before what was proven or after now', async () => {
    const { host, fleet, driver, behind } = await rewritten();
    const stream = driver.events(['xid'], new AbortController().signal);
    behind.passTo('2026-11-21T06:01:00Z');
    await fleet.beat(NODE);
    host.journal.append(at('2026-11-21T05:00:00Z'), 'NVRM: Xid (PCI:0000:1b:00): 31, pid=1');
    host.journal.append(at('2026-11-21T07:00:00Z'), 'NVRM: Xid (PCI:0000:1b:00): 31, pid=2');
    behind.passTo('2026-11-21T06:02:00Z');
    await fleet.beat(NODE);
    expect((await drain(stream)).map((event) => event.at)).toEqual([
      at('2026-11-21T06:01:00Z'),
      at('2026-11-21T06:02:00Z'),
    ]);
  });

  test('that missed messages says so to every subscriber, whatever it asked for', async () => {
    const { host, fleet, driver, now } = await rewritten();
    const stream = driver.events(['power'], new AbortController().signal);
    host.journal.append(now(), 'Missed 12 kernel messages', { MESSAGE_ID: 'e9bf28e6e834481bb6f48f548ad13606' });
    await fleet.beat(NODE);
    expect(await drain(stream)).toMatchObject([{ type: 'overflow', lost: 12, uuid: null }]);
  });

  test('with an entry cut short breaks every stream, and can be followed again', async () => {
    const { host, driver, now, fleet } = await rewritten();
    const stream = driver.events(['xid'], new AbortController().signal);
    const next = stream[Symbol.asyncIterator]().next();
    host.journal.appendLine('{"__CURSOR":"s=1","MESS');
    await expect(next).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    host.journal.append(now(), 'all is well');
    await driver.init();
    const again = driver.events(['xid'], new AbortController().signal);
    host.journal.append(now(), 'NVRM: Xid (PCI:0000:1b:00): 31, pid=1');
    await fleet.beat(NODE);
    expect(await drain(again)).toHaveLength(1);
  });

  test('that is not there leaves readings, and breaks streams at once', async () => {
    const nothing = refusingTool('journalctl', DriverCode.UNKNOWN);
    const { host, now } = await openComposedServer();
    const nodes = [{ nodeId: NODE, tools: { ...host.tools, journalctl: nothing } }];
    const driver = openFleet('nvidia-smi', { nodes, clock: now, pause: untilAborted }).driver(NODE);
    await driver.init();
    expect(await driver.list()).toHaveLength(8);
    const stream = driver.events(['xid'], new AbortController().signal);
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });

  test('whose follower stands still while entries come is broken', async () => {
    const line = (cursor: string): string =>
      JSON.stringify({ __CURSOR: cursor, __REALTIME_TIMESTAMP: '1795240800000000', MESSAGE: 'x' });
    const stuck: ToolCommand = {
      run: async (args) => ({ exitCode: 0, stdout: args.includes('--sync') ? '' : `${line('b')}\n`, stderr: '' }),
      async *follow(_args, signal) {
        yield line('a');
        await untilAborted(signal);
      },
    };
    const broken: unknown[] = [];
    const log = new LogFollower(stuck, { heard: () => undefined, broken: (error) => broken.push(error) }, 20);
    await log.start();
    await expect(log.catchUp()).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
    expect([broken.length, log.isLive]).toEqual([1, false]);
  });
});

describe('what no log tells is told by the difference of two looks', () => {
  test.each([
    ['thermal', { type: 'clock' }],
    ['cecc_storm', { type: 'ecc', bits: 1 }],
    ['sram_ecc', { type: 'ecc', bits: 2 }],
    ['hbm_uecc', { type: 'retirement', failed: false }],
    ['kill_overtime', { type: 'recovery_action', action: 'device_reset' }],
  ] as const)('%s, from the last instant at which all was well', async (kind, body) => {
    const { fleet, driver, behind } = await rewritten();
    const stream = driver.events(['clock', 'ecc', 'retirement', 'recovery_action'], new AbortController().signal);
    await fleet.beat(NODE);
    behind.passTo('2026-11-21T06:01:00Z');
    await fleet.beat(NODE);
    behind.passTo('2026-11-21T06:02:00Z');
    await behind.inject(kind, 3);
    await fleet.beat(NODE);
    const event = (await drain(stream)).find(({ type }) => type === body.type);
    expect(event).toMatchObject({ ...body, uuid: behind.uuid(3) });
    expect(event?.at).toBeGreaterThanOrEqual(at('2026-11-21T06:01:00Z'));
    expect(event?.at).toBeLessThanOrEqual(at('2026-11-21T06:02:00Z'));
  });

  test('a driver that goes, and comes back', async () => {
    const { fleet, driver, behind } = await rewritten();
    const stream = driver.events(['driver'], new AbortController().signal);
    await fleet.beat(NODE);
    const id = await behind.injectNode('driver_unloaded');
    await fleet.beat(NODE);
    await behind.world.injector.clear(id);
    await fleet.beat(NODE);
    expect((await drain(stream)).map((event) => event.type === 'driver' && event.bound)).toEqual([false, true]);
  });

  test('not a drain, under which jobs go on', async () => {
    const { fleet, driver, behind } = await rewritten();
    const stream = driver.events(['unavailable', 'recovery_action'], new AbortController().signal);
    await fleet.beat(NODE);
    const { pciBusId } = await driver.info({ uuid: behind.uuid(0) });
    await driver.setDrain(pciBusId, true);
    await fleet.beat(NODE);
    expect(await drain(stream)).toEqual([]);
  });

  test('a card that reads as all ones on the bus is lost, whatever the tool still shows of it', async () => {
    const { behind, fleet } = await openComposedServer({
      change: (tools) => ({
        ...tools,
        lspci: {
          ...tools.lspci,
          run: async (args, options) => {
            const result = await tools.lspci.run(args, options);
            return {
              ...result,
              stdout: result.stdout.replace('1b:00.0 0302: 10de:2330 (rev a1)', '1b:00.0 0302: 10de:2330 (rev ff)'),
            };
          },
        },
      }),
    });
    const driver = fleet.driver(NODE);
    await driver.init();
    expect((await driver.presence()).filter(({ state }) => state === 'lost').map(({ uuid }) => uuid)).toEqual([
      behind.uuid(0),
    ]);
    expect(await driver.list()).toHaveLength(7);
  });

  test('a card that another driver took away is unavailable, and neither lost nor drained', async () => {
    const { fleet, driver, behind, rewrite } = await rewritten();
    const stream = driver.events(['unavailable'], new AbortController().signal);
    await fleet.beat(NODE);
    rewrite.now = (args, result) => ({
      ...result,
      stdout: args[0]?.startsWith('--query') ? result.stdout.replace(/^.*1B:00.0.*\n/m, '') : result.stdout,
    });
    await fleet.beat(NODE);
    expect(await drain(stream)).toMatchObject([{ type: 'unavailable', uuid: behind.uuid(0) }]);
    expect((await driver.presence()).find(({ uuid }) => uuid === behind.uuid(0))?.state).toBe('present');
    await expect(driver.recoveryAction({ uuid: behind.uuid(0) })).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
  });
});

describe('a recovery that an older driver cannot report', () => {
  const setUp = async () => {
    const { fleet, behind, host } = await openComposedServer({ age: 'r535' });
    const driver = fleet.driver(NODE);
    await driver.init();
    const stream = driver.events(['recovery_action'], new AbortController().signal);
    await fleet.beat(NODE);
    host.journal.append(
      behind.now(),
      'NVRM: Xid (PCI:0000:1b:00): 119, pid=1, name=python, Timeout after 6s of waiting',
    );
    await fleet.beat(NODE);
    return { fleet, behind, driver, stream };
  };

  test('is told after our own reset', async () => {
    const { fleet, behind, driver, stream } = await setUp();
    expect(await drain(stream)).toEqual([]);
    await driver.reset({ uuid: behind.uuid(0) }, 'ppu');
    await fleet.beat(NODE);
    expect(await drain(stream)).toMatchObject([{ action: 'none', uuid: behind.uuid(0) }]);
  });

  test('is told after the driver was loaded anew', async () => {
    const { fleet, behind, stream } = await setUp();
    const id = await behind.injectNode('driver_unloaded');
    await fleet.beat(NODE);
    await behind.world.injector.clear(id);
    await fleet.beat(NODE);
    expect(await drain(stream)).toMatchObject([{ action: 'none', uuid: behind.uuid(0) }]);
  });
});

test('a card that is lost is told of once, by the log or by the look that finds it gone', async () => {
  const { fleet, driver, behind } = await rewritten();
  const stream = driver.events(['unavailable', 'recovery_action'], new AbortController().signal);
  await fleet.beat(NODE);
  await behind.inject('lost', 2);
  await fleet.beat(NODE);
  await fleet.beat(NODE);
  expect((await drain(stream)).map(({ type }) => type)).toEqual(['unavailable', 'recovery_action']);
});

test('an XID that the driver makes nothing of is followed by its word that nothing is asked for', async () => {
  const { fleet, driver, host, behind } = await rewritten();
  const stream = driver.events(['recovery_action'], new AbortController().signal);
  await fleet.beat(NODE);
  host.journal.append(behind.now(), 'NVRM: Xid (PCI:0000:1b:00): 95, pid=1, name=python, Uncontained error');
  await fleet.beat(NODE);
  expect(await drain(stream)).toMatchObject([{ action: 'none', uuid: behind.uuid(0) }]);
});

describe('a watch over the adapter', () => {
  test('proves cards up from beat to beat, stops at what it hears, and at a tool that hangs', async () => {
    const { fleet, behind, rewrite } = await rewritten();
    const watch = new FleetWatch(new Map([[NODE, fleet.driver(NODE)]]));
    const proofOf = (slot: number) => watch.proof(behind.uuid(slot));
    await watch.settled();
    const start = behind.now();
    behind.passTo('2026-11-21T07:00:00Z');
    await fleet.beat(NODE);
    await watch.settled();
    expect(proofOf(0)).toEqual({ startAt: start, endAt: start + HOUR_MS });

    behind.passTo('2026-11-21T07:30:00Z');
    await behind.inject('lost', 0);
    await fleet.beat(NODE);
    await watch.settled();
    expect(proofOf(0)).toBeNull();
    expect(watch.verdict(behind.uuid(0))).toMatchObject({ health: 'unhealthy', reason: 'device_lost' });
    expect(proofOf(1)?.endAt).toBe(at('2026-11-21T07:30:00Z'));

    rewrite.now = hang;
    behind.passTo('2026-11-21T08:00:00Z');
    await fleet.beat(NODE);
    await watch.settled();
    expect(proofOf(1)?.endAt).toBe(at('2026-11-21T07:30:00Z'));
  });

  test('asks each tool a few times for eight cards, not once for each', async () => {
    const { fleet, host } = await rewritten();
    const watch = new FleetWatch(new Map([[NODE, fleet.driver(NODE)]]));
    await watch.settled();
    host.commands.length = 0;
    await watch.reread();
    expect(host.commands.filter((command) => command.includes('--query-gpu')).length).toBe(2);
    expect(host.commands.length).toBeLessThanOrEqual(16);
  });
});

test('a drain switches persistence off and on again, and leaves it on when it fails', async () => {
  const { driver, host, behind, rewrite } = await rewritten();
  const { pciBusId } = await driver.info({ uuid: behind.uuid(0) });
  await driver.setDrain(pciBusId, true);
  await driver.setDrain(pciBusId, false);
  const done = (): string[] => host.commands.filter((command) => / -pm | -m /.test(command));
  expect(done()).toEqual([
    'nvidia-smi -i 00000000:1b:00.0 -pm 0',
    'nvidia-smi drain -p 0000:1B:00.0 -m 1',
    'nvidia-smi drain -p 0000:1B:00.0 -m 0',
    'nvidia-smi -i 00000000:1b:00.0 -pm 1',
  ]);
  host.commands.length = 0;
  rewrite.now = (args, result) =>
    args.includes('-m') ? { exitCode: 4, stdout: 'Insufficient Permissions\n', stderr: '' } : result;
  await expect(driver.setDrain(pciBusId, true)).rejects.toMatchObject({ code: DriverCode.NO_PERMISSION });
  expect(done().at(-1)).toBe('nvidia-smi -i 00000000:1b:00.0 -pm 1');
});

test('a card in use does not keep a partition mode for its next reset', async () => {
  const { driver, host, behind, rig } = await rewritten();
  await rig.hold(behind.uuid(0));
  const ref = { uuid: behind.uuid(0) };
  await expect(driver.setPartitionMode(ref, true)).rejects.toMatchObject({ code: DriverCode.IN_USE });
  expect(host.commands.filter((command) => command.includes('-mig'))).toEqual([
    'nvidia-smi -i 00000000:1b:00.0 -mig 1',
    'nvidia-smi -i 00000000:1b:00.0 -mig 0',
  ]);
});
