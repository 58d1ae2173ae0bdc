import { expect, test } from 'vitest';
import { DriverCode } from '../types.ts';
import { drainBusId, parseLspci } from './pci-view.ts';

test('the bus shows who answers and who does not', () => {
  expect(parseLspci('0000:a8:00.0 3D controller: PPU (rev 01)\na7:00.0 3D controller: PPU (rev ff)\n')).toEqual([
    { pciBusId: '00000000:a8:00.0', isSilent: false },
    { pciBusId: '00000000:a7:00.0', isSilent: true },
  ]);
  expect(parseLspci('')).toEqual([]);
});

test.each(['0000:a8:00.0 3D controller: PPU (rev f', 'lspci: Cannot open /proc\n', '\0\0\n'])(
  '%j is unreadable',
  (text) => {
    expect(() => parseLspci(text)).toThrow(expect.objectContaining({ code: DriverCode.UNKNOWN }));
  },
);

test.each([
  ['00000000:a8:00.0', '0000:a8:00.0'],
  ['00010000:a8:00.0', '00010000:a8:00.0'],
])('the drain command knows %s as %s', (bus, name) => expect(drainBusId(bus)).toBe(name));
