import { type Instant, instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { NOTHING_TO_UNDO, type Undo } from '#lib/core/undo.ts';

/** What an organisation may still book on account, as it stands under the lock of its line. */
export type AccountCredit = {
  readonly limitUnits: Units;
  readonly freeUnits: Units;
  /** Since when an invoice on account is late; null while none is. */
  readonly overdueSinceAt: Instant | null;
};

/** By organisation; who has no line has no entry. */
export type AccountBook = Map<string, AccountCredit>;

/** Why nothing is set aside on account, in the order in which it is checked. */
export type AccountRefusal =
  | { readonly code: 'accountTermsUnfit' }
  | { readonly code: 'accountNotOpen' }
  | { readonly code: 'accountOverdue'; readonly overdueSinceAt: number }
  | {
      readonly code: 'accountLineExceeded';
      readonly neededUnits: string;
      readonly freeUnits: string;
      readonly limitUnits: string;
    };

/** Only time by the hour with an end: all of it is set aside, so that no other booking uses its part of the line up. */
export function accountTermsRefusal(terms: {
  readonly term: unknown;
  readonly endAt: Instant | null;
}): Extract<AccountRefusal, { code: 'accountTermsUnfit' }> | null {
  return terms.term === null && terms.endAt !== null ? null : { code: 'accountTermsUnfit' };
}

/** Whether a line has so much free: refused without one, while an invoice on it is late, and when it does not reach. */
export function chargeLine(
  book: AccountBook,
  organisationId: string,
  amountUnits: Units,
): Result<{ readonly isOnAccount: true }, AccountRefusal> {
  const credit = book.get(organisationId);
  if (!credit) return refuse({ code: 'accountNotOpen' });
  const { limitUnits, freeUnits, overdueSinceAt } = credit;
  if (overdueSinceAt !== null) return refuse({ code: 'accountOverdue', overdueSinceAt });
  if (freeUnits < amountUnits)
    return refuse({
      code: 'accountLineExceeded',
      neededUnits: `${amountUnits}`,
      freeUnits: `${freeUnits}`,
      limitUnits: `${limitUnits}`,
    });
  return accept({ isOnAccount: true });
}

/** Takes an amount off what is free of a line, or with one below zero gives it back; the undo puts it as it was. */
export function drawLine(book: AccountBook, organisationId: string, amountUnits: bigint): Undo {
  const before = book.get(organisationId);
  if (!before) return NOTHING_TO_UNDO;
  book.set(organisationId, { ...before, freeUnits: units(before.freeUnits - amountUnits) });
  return () => void book.set(organisationId, before);
}

/** Takes over the lines that a round of deciding looks at, and no others: who is not found has none. */
export function restoreLines(book: AccountBook, found: ReadonlyMap<string, AccountCredit>): void {
  book.clear();
  for (const [id, credit] of found) book.set(id, credit);
}

/** What a decision on account saw of a line, for the log: nothing without one. */
export function lineSeen(book: AccountBook, organisationId: string, name: string): Record<string, string> {
  const credit = book.get(organisationId);
  if (!credit) return {};
  const { limitUnits, freeUnits, overdueSinceAt } = credit;
  return { [name]: `${limitUnits} ${freeUnits} ${overdueSinceAt ?? '-'}` };
}

/** The line that {@link lineSeen} kept, when a decision is made again from the log. */
export function lineFrom(text: string): AccountCredit {
  const [limit = '', free = '', since = ''] = text.split(' ');
  const overdueSinceAt = since === '-' ? null : instant(Number.parseInt(since, 10));
  return { limitUnits: units(BigInt(limit)), freeUnits: units(BigInt(free)), overdueSinceAt };
}
