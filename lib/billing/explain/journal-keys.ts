/** A series of journals of one subject is looked for up to here: lines of an invoice, extensions of a reservation. */
const SERIES_MOST = 40;

const series = (from: number, keyOf: (step: number) => string): string[] =>
  Array.from({ length: SERIES_MOST }, (_, i) => keyOf(from + i));

/** The keys of the journals that a subject of a source can have, by the name it has in the source. */
const KEYS_OF: Readonly<Record<string, (id: string) => readonly string[]>> = {
  reservation: (id) => [...series(0, (step) => `place:${id}:${step}`), `return:${id}`],
  invoice: (id) => [
    ...series(1, (line) => `invoice:${id}:${line}`),
    `promo-deducted:${id}`,
    `residue:${id}`,
    `residue-back:${id}`,
  ],
  payment: (id) => [`topup:${id}`],
  bankLine: (id) => [`bank:${id}`, `match:${id}`, `bank-return:${id}`],
  refund: (id) => [`refund:${id}`, `refund-paid:${id}`, `refund-failed:${id}`],
  dispute: (id) => ['', '-blocked', '-won', '-unblocked', '-lost'].map((step) => `dispute${step}:${id}`),
  grant: (id) => [`promo:${id}`, `promo-expired:${id}`],
  creditNote: (id) => series(1, (line) => `credit-note:${id}:${line}`),
  compensation: (id) => [`sla:${id}`, `goodwill:${id}`],
};

/**
 * The keys under which the other steps of what caused a journal would be posted. Keys are business keys, so that the
 * few journals of a subject are found by them in a ledger of any size.
 */
export function relatedKeys(source: Readonly<Record<string, string | number>>, ownKey: string): string[] {
  const keys = Object.entries(source).flatMap(([name, id]) => KEYS_OF[name]?.(`${id}`) ?? []);
  return [...new Set(keys)].filter((key) => key !== ownKey);
}
