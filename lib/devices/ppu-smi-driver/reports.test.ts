import { describe, expect, test } from 'vitest';
import { at } from '../testing.ts';
import { DriverCode } from '../types.ts';
import { linksOf, parseLinkLines } from './links.ts';
import { fabricOf, parseReport } from './report.ts';
import { parseTopology } from './topology.ts';

const AT = at('2026-11-21T06:00:00Z');
const UNKNOWN = expect.objectContaining({ code: DriverCode.UNKNOWN });

const report = (attached: number, ...cards: readonly string[]): string =>
  `==============PPU-SMI LOG==============\n\nAttached PPUs : ${attached}\n${cards.join('\n')}\n`;
const card = (bus: string, ...lines: readonly string[]): string =>
  [`PPU 00000000:${bus}:00.0`, ...lines.map((line) => `    ${line}`)].join('\n');

describe('a report', () => {
  test('is values by path', () => {
    const { cards } = parseReport(report(1, card('A8', 'Fabric', '    State : Completed', 'Serial Number : 1')));
    expect([...(cards[0] ?? [])]).toEqual([
      ['Fabric/State', 'Completed'],
      ['Serial Number', '1'],
    ]);
  });

  test.each([
    ['fewer cards than it says', report(2, card('A8'))],
    ['more', report(1, card('A8'), card('A7'))],
    ['no end of line', report(1, card('A8')).trimEnd()],
    ['no title', 'Attached PPUs : 0\n'],
  ])('with %s is none', (_, text) => expect(() => parseReport(text)).toThrow(UNKNOWN));

  const fabric = (...lines: readonly string[]) => {
    const { cards } = parseReport(report(1, card('A8', 'Fabric', ...lines.map((line) => `    ${line}`))));
    return fabricOf(cards[0] ?? new Map(), AT);
  };
  const ids = ['CliqueId : 3', 'ClusterUUID : 0b7d1f2e-0000-4000-8000-00000000000a'];

  test('of an older build tells the health of a fabric by its status', () => {
    expect(fabric('State : Completed', 'Status : Success', ...ids)).toMatchObject({
      ok: true,
      value: { cliqueId: 3, health: 'healthy' },
    });
    expect(fabric('State : Completed', 'Status : Timeout', ...ids)).toEqual({ ok: false, code: DriverCode.UNKNOWN });
    expect(fabric('State : Completed', 'Status : Success')).toEqual({ ok: false, code: DriverCode.UNKNOWN });
    expect(fabric('State : N/A')).toEqual({ ok: false, code: DriverCode.NOT_SUPPORTED });
  });
});

describe('links', () => {
  const lines = (text: string) => parseLinkLines(`PPU 0: PPU-ZW810E (UUID: GPU-a)\n\t Link 0: ${text}\n`);
  const links = (other: string, name: '-lw' | '-gt r') =>
    linksOf('GPU-a', lines('50 GB/s'), new Map([[name, lines(other)]]), new Map(), AT)[0];

  test.each([
    ['16x', { ok: true, value: 16, at: AT }],
    ['N/A', { ok: false, code: DriverCode.NOT_SUPPORTED }],
    ['16', { ok: false, code: DriverCode.UNKNOWN }],
    ['16 GB/s', { ok: false, code: DriverCode.UNKNOWN }],
  ])('a width of %j is %j', (text, lanes) => expect(links(text, '-lw')?.lanes).toEqual(lanes));

  test('a flow in another unit is no number', () => {
    expect(links('Raw Tx: 7 MB/s', '-gt r')?.txMegabytesPerSec).toEqual({ ok: true, value: 7, at: AT });
    expect(links('Raw Tx: 7 KiB', '-gt r')?.txMegabytesPerSec).toEqual({ ok: false, code: DriverCode.UNKNOWN });
  });

  test.each(['<dreaming>', '50 Gbit/s', '', 'N/A'])('a state of %j is unreadable', (text) => {
    expect(() => linksOf('GPU-a', lines(text), new Map(), new Map(), AT)).toThrow(UNKNOWN);
  });
});

describe('a matrix', () => {
  const head = '\tPPU0\tPPU1\tCPU Affinity\tNUMA Affinity\n';

  test('is read with its affinities', () => {
    const table = parseTopology(`${head}PPU0\tX\tICN2\t0-15\t4\nPPU1\tICN2\tX\tN/A\tN/A\n\nLegend:\n`);
    expect([table.numaOf(0), table.cpusOf(0), table.numaOf(1), table.cpusOf(1)]).toEqual([4, '0-15', null, null]);
  });

  test.each([
    ['without its last row', `${head}PPU0\tX\tICN2\t0-15\t4\n`],
    ['with its rows in another order', `${head}PPU1\tICN2\tX\t0-15\t4\nPPU0\tX\tICN2\t0-15\t4\n`],
    ['with a short row', `${head}PPU0\tX\tICN2\t0-15\t4\nPPU1\tICN2\tX\n`],
    ['of words', 'Not a matrix at all\n'],
  ])('%s is none', (_, text) => expect(() => parseTopology(text)).toThrow(UNKNOWN));
});
