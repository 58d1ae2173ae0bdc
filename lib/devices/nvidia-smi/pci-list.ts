import { normalisePciBusId } from '../pci.ts';
import { DriverCode, DriverError } from '../types.ts';

/** NVIDIA's devices as `lspci -D -n` prints them. */
export const PCI_ARGS: readonly string[] = ['-D', '-n', '-d', '10de:'];

/** A card on the bus. Its configuration space reads as all ones when it no longer answers: revision ff. */
export type PciCard = { readonly busId: string; readonly answers: boolean };

const LINE = /^(\S+) ([0-9a-f]{4}): ([0-9a-f]{4}):([0-9a-f]{4})(?: \(rev ([0-9a-f]{2})\))?(?: \(prog-if .*\))?$/i;
const CARD_CLASSES = new Set(['0300', '0302']);

/**
 * The cards among the devices of such a listing: switches, bridges and sound are none. Throws `UNKNOWN` for a text
 * that is no whole listing. No line at all is a bus without a card.
 */
export function parsePciList(text: string): PciCard[] {
  if (text !== '' && !text.endsWith('\n')) throw new DriverError(DriverCode.UNKNOWN, 'lspci');
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '') return [];
    const match = LINE.exec(line.trim());
    const busId = normalisePciBusId(match?.[1] ?? '');
    if (!match || busId === null) throw new DriverError(DriverCode.UNKNOWN, 'lspci');
    return CARD_CLASSES.has(match[2] ?? '') ? [{ busId, answers: match[5]?.toLowerCase() !== 'ff' }] : [];
  });
}
