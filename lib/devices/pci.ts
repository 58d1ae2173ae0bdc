const BUS_ID = /^(?:([0-9a-f]{4}|[0-9a-f]{8}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/;

/**
 * A PCI bus id with an eight-digit domain in lower case, `00000000:a8:00.0`. Tools write four or eight digits, or no
 * domain, in any case. Null when the text is no bus id.
 */
export function normalisePciBusId(text: string): string | null {
  const match = BUS_ID.exec(text.toLowerCase());
  return match ? `${(match[1] ?? '').padStart(8, '0')}:${match[2]}:${match[3]}.${match[4]}` : null;
}

/** Vendor and device of a PPU on the bus. */
export const PPU_PCI_ID = '1ded:6001';
