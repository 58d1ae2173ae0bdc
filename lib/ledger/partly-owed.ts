import type { Id } from '#lib/core/id.ts';
import { chart } from './chart.ts';
import type { PromoShare } from './credit-templates.ts';
import type { AccountRef, Journal, Leg } from './types.ts';

const sized = (leg: Leg, account: AccountRef, amount: bigint): Leg =>
  leg.debitUnits > 0n ? { ...leg, account, debitUnits: amount } : { ...leg, account, creditUnits: amount };

/** The same journal, with parts of what it would move in the wallet moved elsewhere, each as far as there is so much. */
function elsewhere(
  journal: Journal,
  parts: readonly { readonly account: AccountRef; readonly amount: bigint }[],
): Journal {
  const legs = journal.legs.flatMap((leg): Leg[] => {
    if (leg.account.kind !== 'wallet') return [leg];
    let left = leg.debitUnits + leg.creditUnits;
    const moved = parts.flatMap(({ account, amount }): Leg[] => {
      const part = amount < left ? amount : left;
      left -= part;
      return part > 0n ? [sized(leg, account, part)] : [];
    });
    return left > 0n ? [...moved, sized(leg, leg.account, left)] : moved;
  });
  return { ...journal, legs };
}

/**
 * The same journal for somebody on account: what it would give the wallet, or ask of it, changes what is owed by
 * `owedUnits` at most, and the wallet by the rest.
 */
export function partlyOwed(journal: Journal, org: Id<'organisation'>, owedUnits: bigint): Journal {
  return elsewhere(journal, [{ account: chart.receivable(org), amount: owedUnits }]);
}

/** The same journal where vouchers get back what they had paid of it; the wallet gets the rest. */
export function partlyToPromo(journal: Journal, org: Id<'organisation'>, shares: readonly PromoShare[]): Journal {
  return elsewhere(
    journal,
    shares.map(({ grant, amount }) => ({ account: chart.promo(org, grant), amount })),
  );
}
