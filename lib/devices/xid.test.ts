import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeXid } from './xid.ts';
import { XID_ASCEND910B } from './xid-ascend910b.ts';
import { XID_HOPPER } from './xid-hopper.ts';
import { XID_PPU001 } from './xid-ppu001.ts';
import { XID_PPU0015 } from './xid-ppu0015.ts';

type SourceRow = {
  xid: number;
  client: string;
  clientId: number;
  eventId: number;
  likelyCauses: string;
  recovery: string;
};

function sourceFile(arch: string): URL {
  return new URL(`../../../shared/data/device/ppu_xid_${arch}.json`, import.meta.url);
}

describe.each([
  ['ppu001', XID_PPU001, 68],
  ['ppu0015', XID_PPU0015, 87],
] as const)('the %s table', (arch, table, rowCount) => {
  const isAbsent = !existsSync(sourceFile(arch));

  test.skipIf(isAbsent)(
    isAbsent ? 'SKIPPED: no ../shared/data to compare with' : 'says what the collected manual says, row by row',
    () => {
      const { rows } = JSON.parse(readFileSync(sourceFile(arch), 'utf8')) as { rows: SourceRow[] };
      const ours = table.map(([xid, client, , likelyCauses, recovery]) => {
        const { clientId, eventId } = decodeXid(arch, xid);
        return { xid, client, clientId, eventId, likelyCauses, recovery };
      });
      const theirs = rows.map(({ xid, client, clientId, eventId, likelyCauses, recovery }) => {
        const ours = recovery === 'restart_app_then_reset_if_repeated' ? 'restart_app_then_reset' : recovery;
        return { xid, client, clientId, eventId, likelyCauses, recovery: ours };
      });
      expect(ours).toEqual(theirs);
    },
  );

  test('has every code once, in order', () => {
    const codes = table.map(([code]) => code);
    expect(codes).toHaveLength(rowCount);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  });

  test('has event names that are one word each', () => {
    expect(table.filter(([, , event]) => !/^[a-z0-9_]+$/.test(event))).toEqual([]);
  });
});

describe('an XID is decoded', () => {
  test.each([
    [16257, 'device_lost', 'cold_reboot'],
    [16256, 'blocked', 'device_reset'],
    [16258, 'application', 'restart_app'],
    [4480, 'interconnect', 'os_reboot'],
    [4997, 'ecc_uncorrectable', 'restart_app_then_reset'],
    [1922, 'ecc_uncorrectable', 'restart_app_then_reset'],
    [8833, 'application', 'restart_app'],
  ])('%i is %s', (code, kind, recovery) => {
    expect(decodeXid('ppu001', code)).toMatchObject({ class: kind, recovery });
  });

  test.each([4996, 5004])('%i leaves the job running, whatever the table asks for', (code) => {
    expect(decodeXid('ppu001', code).class).toBe('ecc_correctable');
  });

  test('by architecture: one unit has two numbers', () => {
    expect(decodeXid('ppu001', 2702)).toMatchObject({ client: 'PHUB', event: 'err_icn_req_to' });
    expect(decodeXid('ppu0015', 3470)).toMatchObject({ client: 'PHUB', event: 'err_icn_req_to' });
    expect(decodeXid('ppu0015', 2702).class).toBe('unknown');
  });

  test.each([
    [13, 'application', 'restart_app'],
    [31, 'application', 'restart_app'],
    [43, 'application', 'restart_app'],
    [45, 'application', 'restart_app'],
    [68, 'application', 'restart_app'],
    [109, 'application', 'restart_app'],
    [48, 'ecc_uncorrectable', 'restart_app_then_reset'],
    [62, 'blocked', 'device_reset'],
    [63, 'notice', 'none'],
    [64, 'blocked', 'device_reset'],
    [74, 'interconnect', 'os_reboot'],
    [79, 'device_lost', 'cold_reboot'],
    [92, 'ecc_correctable', 'none'],
    [94, 'ecc_uncorrectable', 'restart_app_then_reset'],
    [95, 'blocked', 'device_reset'],
    [119, 'blocked', 'device_reset'],
    [120, 'blocked', 'device_reset'],
    [140, 'blocked', 'device_reset'],
  ])("as NVIDIA's on Hopper: %i is %s", (code, kind, recovery) => {
    expect(decodeXid('hopper', code)).toMatchObject({ class: kind, recovery });
  });

  test.each([
    [0x40f84e00, 'device_lost'],
    [0x80e01801, 'ecc_uncorrectable'],
    [0x80e18402, 'blocked'],
    [0x81078603, 'notice'],
    [0x80c98009, 'application'],
  ])("as Huawei's on the Ascend: %i is %s", (code, kind) => {
    expect(decodeXid('ascend910b', code).class).toBe(kind);
  });

  test.each([16257, 4997, 1666])('a PPU code is unknown on other cards: %i', (code) => {
    expect([decodeXid('hopper', code).class, decodeXid('ascend910b', code).class]).toEqual(['unknown', 'unknown']);
  });

  test.each([
    ['hopper', XID_HOPPER],
    ['ascend910b', XID_ASCEND910B],
  ])('the %s table has every code once, and event names that are one word each', (_arch, table) => {
    expect(new Set(table.map(([code]) => code)).size).toBe(table.length);
    expect(table.filter(([, , event]) => !/^[a-z0-9_]+$/.test(event))).toEqual([]);
  });

  test.each([79, 48, 63, 94])("NVIDIA's %i is unknown here, not an error", (code) => {
    expect(decodeXid('ppu001', code)).toMatchObject({ class: 'unknown', recovery: null, clientId: 0, eventId: code });
  });
});
