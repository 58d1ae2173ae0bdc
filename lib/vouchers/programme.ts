import type { Instant } from '#lib/core/instant.ts';
import { UNITS_PER_FEN, UNITS_PER_YUAN } from '#lib/core/money.ts';
import { PRIORITY_MAX, type ProgrammeTerms, type Voucher, type VoucherState } from './types.ts';

/** The largest budget; an amount of money in the database goes to nine times as much. */
const BUDGET_MAX = 10_000_000_000n * UNITS_PER_YUAN;

/** The lengths of the texts of a programme. */
export const PROGRAMME_TEXT_MAX = { name: 80, issuerName: 80, terms: 2_000 } as const;

const isText = (text: string, max: number): boolean => text.trim().length > 0 && text.length <= max;

/** True when a programme could be made so: texts, whole fen, a budget for at least one voucher, a time that is to come. */
export function areTermsSound(terms: ProgrammeTerms, now: Instant): boolean {
  const { name, issuerName, faceUnits, budgetUnits, priority, validFrom, validUntil } = terms;
  const isMoney = faceUnits > 0n && faceUnits % UNITS_PER_FEN === 0n && budgetUnits % UNITS_PER_FEN === 0n;
  return (
    isText(name, PROGRAMME_TEXT_MAX.name) &&
    isText(issuerName, PROGRAMME_TEXT_MAX.issuerName) &&
    isText(terms.terms, PROGRAMME_TEXT_MAX.terms) &&
    isMoney &&
    budgetUnits >= faceUnits &&
    budgetUnits <= BUDGET_MAX &&
    Number.isInteger(priority) &&
    priority >= 1 &&
    priority <= PRIORITY_MAX &&
    validFrom < validUntil &&
    now < validUntil
  );
}

/** What of a code counts: its letters and digits, in capitals, however it was copied. */
export function readCode(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '');
}

/** How a voucher stands. One that waits for its time is upcoming even while it has nothing left to lose. */
export function stateOf(voucher: Pick<Voucher, 'validFrom' | 'validUntil' | 'leftUnits'>, now: Instant): VoucherState {
  if (now >= voucher.validUntil) return 'expired';
  if (voucher.leftUnits === 0n) return 'spent';
  return now < voucher.validFrom ? 'upcoming' : 'live';
}
