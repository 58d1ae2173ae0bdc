import type { Id } from '#lib/core/id.ts';
import { chart } from './chart.ts';
import type { Journal, Leg } from './types.ts';

const sized = (leg: Leg, amount: bigint): Leg =>
  leg.debitUnits > 0n ? { ...leg, debitUnits: amount } : { ...leg, creditUnits: amount };

/**
 * The same journal for somebody on account: what it would give the wallet, or ask of it, changes what is owed by
 * `owedUnits` at most, and the wallet by the rest.
 */
export function partlyOwed(journal: Journal, org: Id<'organisation'>, owedUnits: bigint): Journal {
  let left = owedUnits;
  const legs = journal.legs.flatMap((leg): Leg[] => {
    const amount = leg.debitUnits + leg.creditUnits;
    if (leg.account.kind !== 'wallet' || left <= 0n) return [leg];
    const owed = amount < left ? amount : left;
    left -= owed;
    const onReceivable = sized({ ...leg, account: chart.receivable(org) }, owed);
    return owed === amount ? [onReceivable] : [onReceivable, sized(leg, amount - owed)];
  });
  return { ...journal, legs };
}
