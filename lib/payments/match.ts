import type { BankLine, MatchSuggestion, Payment } from './types.ts';

/** A remittance code as people type it on a transfer: case, spaces and dashes do not count. */
function bare(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

/** True when a remark names the code of a payment. */
export function namesCode(remark: string, code: string): boolean {
  return code !== '' && bare(remark).includes(bare(code));
}

/**
 * Which open transfers a bank line may be: those whose code stands in the remark first, then those of the same amount,
 * older first. A suggestion is never booked by itself: finance decides.
 */
export function suggestMatches(
  line: Pick<BankLine, 'remark' | 'amountFen'>,
  open: readonly { payment: Payment; organisationName: string }[],
): MatchSuggestion[] {
  return open
    .map(({ payment, organisationName }) => ({
      payment,
      organisationName,
      isCodeInRemark: payment.remittanceCode !== null && namesCode(line.remark, payment.remittanceCode),
      isAmountEqual: payment.amountFen === line.amountFen,
    }))
    .filter(({ isCodeInRemark, isAmountEqual }) => isCodeInRemark || isAmountEqual)
    .sort((a, b) => rankOf(b) - rankOf(a) || a.payment.createdAt - b.payment.createdAt);
}

/** The code says more than the amount; both say most. */
function rankOf(suggestion: MatchSuggestion): number {
  return (suggestion.isCodeInRemark ? 2 : 0) + (suggestion.isAmountEqual ? 1 : 0);
}
