import type { Payee } from '#lib/payments/refund-types.ts';

/** A bank account in one line: its holder, its bank, its number. */
export function payeeText({ name, bank, account }: Payee): string {
  return `${name} · ${bank} · ${account}`;
}
