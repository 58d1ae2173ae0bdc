import { describe, expect, test } from 'vitest';
import { at } from '../testing.ts';
import { DriverCode } from '../types.ts';
import { codeOfCell, readFlag, readMask, readQuantity } from './cell.ts';
import { codeOfText, failureOf } from './failure.ts';
import { readAction } from './gpu-row.ts';
import { parseJournalEntry, parseXidLine } from './kernel-log.ts';
import { isWhole, linksOf, parseLinkReport } from './nvlink.ts';
import { parsePciList } from './pci-list.ts';
import { parseProcInfo } from './proc-info.ts';
import { chooseKeys, type QueryKey } from './query-keys.ts';
import { toolBusId } from './server-state.ts';
import { parseTopo, topologyOf } from './topo.ts';

const NOW = at('2026-11-21T06:00:00Z');
const UNKNOWN = expect.objectContaining({ code: DriverCode.UNKNOWN });

describe('what the tool says when it fails', () => {
  test.each([
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that …", 9],
    ['Failed to initialize NVML: Driver/library version mismatch', 18],
    ['Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.  Reboot the system', 15],
    ['The following GPUs could not be reset:\n  GPU 00000000:3B:00.0: In use by another client', 19],
    ['Provided power limit 1.00 W is not a valid power limit which should be between 200.00 W and', 2],
    ['Insufficient Permissions', 4],
    ['No devices were found', 6],
    ['Resetting GPU 00000000:3B:00.0 is not supported.', 3],
  ])('%j is %i', (text, code) => expect(codeOfText(text)).toBe(code));

  test('counts before its status, and its status before nothing', () => {
    const said = (exitCode: number, stdout: string): unknown => failureOf({ exitCode, stdout, stderr: '' });
    expect([said(255, 'GPU is lost'), said(15, ''), said(255, 'Hm.'), said(0, 'No devices were found')]).toEqual([
      DriverCode.DEVICE_LOST,
      DriverCode.DEVICE_LOST,
      DriverCode.UNKNOWN,
      null,
    ]);
  });
});

describe('a cell', () => {
  test.each([
    [null, DriverCode.NOT_SUPPORTED],
    [undefined, DriverCode.NOT_SUPPORTED],
    ['Requested functionality has been deprecated', DriverCode.NOT_SUPPORTED],
    ['[GPU requires reset]', DriverCode.RESET_REQUIRED],
    ['GPU is lost', DriverCode.DEVICE_LOST],
    ['[Unknown Error]', DriverCode.UNKNOWN],
    ['', DriverCode.UNKNOWN],
    ['72.02 W', null],
  ])('%j has the code %j', (cell, code) => expect(codeOfCell(cell)).toBe(code));

  test.each(['72.02 mW', 'W', 'nan W', '1e3 W', '-', '[Unknown Error]'])('%j is never a number of watts', (cell) => {
    expect(readQuantity(cell, 'W', 1_000, NOW)).toEqual({ ok: false, code: DriverCode.UNKNOWN });
  });

  test('is turned into our unit', () => {
    expect(readQuantity('72.02 W', 'W', 1_000, NOW)).toEqual({ ok: true, value: 72_020, at: NOW });
    expect(readMask('0x0000000000000021', NOW)).toEqual({ ok: true, value: 0x21, at: NOW });
    expect(readMask('Not Active', NOW)).toEqual({ ok: false, code: DriverCode.UNKNOWN });
    expect([readFlag('Yes', NOW), readFlag('0', NOW)]).toMatchObject([{ value: 1 }, { value: 0 }]);
    expect(readFlag('maybe', NOW)).toEqual({ ok: false, code: DriverCode.UNKNOWN });
  });
});

describe('the recovery action', () => {
  const row = (cells: Partial<Record<QueryKey, string>>) => (key: QueryKey) => cells[key];
  test.each([
    [{ recoveryAction: 'None' }, { ok: true, value: 'none', at: NOW }],
    [{ recoveryAction: 'Drain and Reset' }, { ok: true, value: 'drain_and_reset', at: NOW }],
    [{ recoveryAction: 'Recover IMEX Domain' }, { ok: false, code: DriverCode.UNKNOWN }],
    [{ recoveryAction: '[Unknown Error]' }, { ok: false, code: DriverCode.UNKNOWN }],
    [
      { resetRequired: 'Yes', resetRecommended: 'No' },
      { ok: true, value: 'device_reset', at: NOW },
    ],
    [
      { resetRequired: 'No', resetRecommended: 'Yes' },
      { ok: true, value: 'drain_and_reset', at: NOW },
    ],
    [
      { resetRequired: 'No', resetRecommended: 'No' },
      { ok: false, code: DriverCode.NOT_SUPPORTED },
    ],
    [{}, { ok: false, code: DriverCode.NOT_SUPPORTED }],
  ])('of %j is %j', (cells, expected) => expect(readAction(row(cells), NOW)).toEqual(expected));
});

test('keys are chosen by what a version lists, the newest name first', () => {
  const listed = (...names: string[]): string => names.map((name) => `"${name}"\nA sentence.\n`).join('\n');
  const basic = ['index', 'uuid', 'pci.bus_id', 'name', 'driver_version', 'memory.total'];
  const keys = chooseKeys(listed(...basic, 'clocks_throttle_reasons.active'));
  expect(keys.get('throttle')).toBe('clocks_throttle_reasons.active');
  expect(keys.has('recoveryAction')).toBe(false);
  expect(() => chooseKeys(listed('index', 'uuid'))).toThrow(UNKNOWN);
});

describe('the bus', () => {
  test('shows cards and no switches, and that one reads as all ones', () => {
    const text =
      '0000:05:00.0 0680: 10de:22a3 (rev a1)\n0000:1b:00.0 0302: 10de:2330 (rev a1)\n0001:3b:00.0 0302: 10de:2330 (rev ff)\n';
    expect(parsePciList(text)).toEqual([
      { busId: '00000000:1b:00.0', answers: true },
      { busId: '00000001:3b:00.0', answers: false },
    ]);
    expect(parsePciList('')).toEqual([]);
  });

  test.each(['0000:1b:00.0 0302: 10de:23', 'pcilib: Cannot open /proc/bus/pci\n'])('%j is no listing', (text) => {
    expect(() => parsePciList(text)).toThrow(UNKNOWN);
  });

  test('is spelled with four digits for draining, as long as they suffice', () => {
    expect([toolBusId('00000000:1b:00.0'), toolBusId('00010000:1b:00.0')]).toEqual([
      '0000:1B:00.0',
      '00010000:1B:00.0',
    ]);
  });
});

test('the driver’s files tell minors, and a card that it has not begun has no uuid', () => {
  const text = [
    '/proc/driver/nvidia/gpus/0000:1b:00.0/information:Model: \t\t NVIDIA H100 80GB HBM3',
    '/proc/driver/nvidia/gpus/0000:1b:00.0/information:GPU UUID: \t GPU-10f35015-e921-bfab-2eb8-4e9b6664d5f1',
    '/proc/driver/nvidia/gpus/0000:1b:00.0/information:Device Minor: \t 7',
    '/proc/driver/nvidia/gpus/0000:43:00.0/information:GPU UUID: \t GPU-????????-????-????-????-????????????',
  ].join('\n');
  expect([...parseProcInfo(text)]).toEqual([
    ['00000000:1b:00.0', { uuid: 'GPU-10f35015-e921-bfab-2eb8-4e9b6664d5f1', minor: 7 }],
    ['00000000:43:00.0', { uuid: null, minor: null }],
  ]);
});

describe('the matrix of paths', () => {
  const TWO =
    '\u001b[4m\tGPU0\tGPU1\tNIC0\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\u001b[0m\nGPU0\t X \tNV18\tPIX\t0-55,112-167\t0\t\tN/A\nGPU1\tNV18\t X \tSYS\t\t1\t\tN/A\nNIC0\tPIX\tSYS\t X \t\t\t\t\n\nLegend:\n\n  X    = Self\n';

  test('has bonds, and affinities even where that of CPUs is empty', () => {
    const rows = parseTopo(TWO);
    expect([...rows.values()].map(({ cpuAffinity, numaNode }) => [cpuAffinity, numaNode])).toEqual([
      ['0-55,112-167', 0],
      [null, 1],
    ]);
    expect(
      topologyOf(rows, [
        { index: 0, uuid: 'a' },
        { index: 1, uuid: 'b' },
      ]),
    ).toEqual({
      uuids: ['a', 'b'],
      path: [
        ['SELF', 'ICN'],
        ['ICN', 'SELF'],
      ],
      icnBonded: [
        [0, 18],
        [18, 0],
      ],
      icnHops: [
        [0, 1],
        [1, 0],
      ],
    });
  });

  test.each([0, 20, 60, 110])('is refused when cut off after %i characters', (length) => {
    expect(() => parseTopo(TWO.slice(0, length))).toThrow(UNKNOWN);
  });

  test('with a path of no known kind is refused', () => {
    const rows = parseTopo(TWO.replaceAll('NV18', 'NVX'));
    expect(() =>
      topologyOf(rows, [
        { index: 0, uuid: 'a' },
        { index: 1, uuid: 'b' },
      ]),
    ).toThrow(UNKNOWN);
  });
});

describe('the links', () => {
  const head = 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-a)\n';
  const linksFrom = (status: string, remote: string, errors = '') =>
    linksOf(
      'GPU-a',
      {
        status: parseLinkReport(head + status),
        remote: parseLinkReport(head + remote),
        errors: parseLinkReport(head + errors),
      },
      new Set(['00000000:43:00.0']),
      NOW,
    );

  test('to switches are links to switches, even the one that is down', () => {
    const links = linksFrom(
      '\t Link 0: 26.562 GB/s\n\t Link 1: <inactive>\n',
      '\t Link 0: Remote Device 00000008:00:00.0: Link 29\n',
      '\t Link 0: Replay Errors: 3\n\t Link 0: Recovery Errors: 0\n\t Link 0: CRC Errors: 7\n',
    );
    expect(links.map(({ state, remote }) => [state, remote.kind])).toEqual([
      ['active', 'switch'],
      ['inactive', 'switch'],
    ]);
    expect(links[0]).toMatchObject({ gigabytesPerSec: { value: 26.562 }, txErr: { value: 3 }, rxErr: { value: 7 } });
  });

  test('to another card name it, and one that is down may lead anywhere', () => {
    const links = linksFrom(
      '\t Link 0: 25 GB/s\n\t Link 1: <inactive>\n',
      '\t Link 0: Remote Device 00000000:43:00.0: Link 6\n',
    );
    expect(links.map(({ remote }) => remote)).toEqual([
      { kind: 'ppu', pciBusId: '00000000:43:00.0', link: 6 },
      { kind: 'unknown' },
    ]);
  });

  test('of a fabric that nobody manages lead nowhere', () => {
    const links = linksFrom('\t Link 0: 25 GB/s\n', '\t Link 0: Remote Device FFFFFFFF:FF:FF.0: Link 0\n');
    expect(links.map(({ remote }) => remote.kind)).toEqual(['unknown']);
  });

  test.each(['\t Link 0: 26.562 GB', '\t Link 0: 26.562 GB\n', 'Killed\n'])('%j are refused', (status) => {
    expect(() => linksFrom(status, '')).toThrow(UNKNOWN);
  });

  test('of three reports are whole when these agree, and no card has fewer than before', () => {
    const report = (...lines: string[]) => parseLinkReport(head + lines.map((line) => `\t Link ${line}\n`).join(''));
    const errors = (id: number): string[] => ['Replay', 'Recovery', 'CRC'].map((kind) => `${id}: ${kind} Errors: 0`);
    const remote = (id: number): string => `${id}: Remote Device 00000008:00:00.0: Link ${id}`;
    const whole = {
      status: report('0: 25 GB/s', '1: <inactive>'),
      remote: report(remote(0)),
      errors: report(...errors(0)),
    };
    const seen = new Map([['GPU-a', 2]]);
    expect(isWhole(whole, seen)).toBe(true);
    expect(isWhole({ ...whole, errors: report() }, seen)).toBe(true);
    expect(isWhole({ ...whole, status: report('0: 25 GB/s') }, seen)).toBe(false);
    expect(isWhole({ ...whole, remote: report() }, seen)).toBe(false);
    expect(isWhole({ ...whole, errors: report(...errors(0).slice(0, 2)) }, seen)).toBe(false);
    expect(isWhole({ ...whole, remote: new Map() }, seen)).toBe(false);
    expect(isWhole({ status: new Map(), remote: new Map(), errors: new Map() }, seen)).toBe(false);
  });

  test('may all be down', () => {
    expect(linksFrom('\t NVML: Unable to retrieve NVLink information as all links are inActive\n', '')).toEqual([]);
  });
});

describe('a message of the kernel', () => {
  test.each([
    ['NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, name=python, GPU has fallen off the bus.', 79, null, null],
    ['NVRM: Xid (PCI:0000:3B:00): 31, pid=99, name=a: 48, Ch 00000008, intr 10000000.', 31, null, null],
    ['NVRM: Xid (0000:3b:00): 62, 1f2e(3a4b) 00000000 00000000', 62, null, null],
    ['NVRM: Xid (PCI:0000:3b:00 GPU-I:05): 43, pid=7, name=python', 43, 5, null],
    [
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)',
      154,
      null,
      'device_reset',
    ],
    [
      'NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x2 (OS Reboot) to 0x0 (None)',
      154,
      null,
      'none',
    ],
    ['NVRM: Xid (PCI:0000:3b:00): 154, GPU recovery action changed from 0x0 (None) to 0x9 (New)', 154, null, null],
  ])('%j is XID %i', (message, code, instance, action) => {
    expect(parseXidLine(message)).toEqual({ busId: '00000000:3b:00.0', code, instance, action });
  });

  test.each([
    'nvidia-nvswitch3: SXid (PCI:0000:c4:00.0): 28006, Non-fatal, Link 46',
    'user said: NVRM: Xid (PCI:0000:3b:00): 79, pid=1',
    'NVRM: Xid (PCI:0000:3b:00): abc',
  ])('%j is none', (message) => expect(parseXidLine(message)).toBeNull());
});

describe('an entry of the journal', () => {
  const entry = { __CURSOR: 's=1', __REALTIME_TIMESTAMP: '1795240800123456', MESSAGE: 'hello' };

  test('is read with its place, its time to the millisecond, and its bytes', () => {
    expect(parseJournalEntry(JSON.stringify(entry))).toEqual({
      cursor: 's=1',
      at: 1_795_240_800_123,
      message: 'hello',
      missed: 0,
    });
    expect(parseJournalEntry(JSON.stringify({ ...entry, MESSAGE: [78, 255] })).message).toBe('N\u00ff');
  });

  test('confesses what it missed', () => {
    const MESSAGE_ID = 'e9bf28e6e834481bb6f48f548ad13606';
    const missed = { ...entry, MESSAGE_ID, MESSAGE: 'Missed 5400 kernel messages' };
    expect(parseJournalEntry(JSON.stringify(missed)).missed).toBe(5_400);
  });

  test.each(['', '{', 'null', '[]', '{"MESSAGE":"x"}', '-- No entries --'])('%j is none', (line) => {
    expect(() => parseJournalEntry(line)).toThrow(UNKNOWN);
  });
});
