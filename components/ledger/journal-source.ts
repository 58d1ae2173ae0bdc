/** The names that a journal's source uses. */
export const SOURCE_NAMES = [
  'reservation',
  'step',
  'hour',
  'revision',
  'invoice',
  'line',
  'payment',
  'provider',
  'bankLine',
  'reverses',
  'reason',
  'grant',
  'creditNote',
  'compensation',
  'refund',
  'dispute',
] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** Where finance reads on about a journal's source: its own page, or what else the books say of it; null for plain facts. */
export function sourceHref(name: SourceName, value: string): string | null {
  switch (name) {
    case 'invoice':
      return `/finance/invoices/${value}`;
    case 'creditNote':
      return `/finance/credit-notes/${value}`;
    case 'bankLine':
      return `/finance/transfers/${value}`;
    case 'reservation':
    case 'payment':
    case 'reverses':
      return `/finance/ledger/search?${new URLSearchParams({ q: value })}`;
    default:
      return null;
  }
}
