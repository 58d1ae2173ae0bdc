import type { FoundCredit } from '#lib/sla/types.ts';
import { type Equation, equation } from './equation.ts';

/** The steps from a month's seconds to what a journal credited for them; `postedUnits` is what it put into the wallet. */
export function slaEquations(credit: FoundCredit, postedUnits: bigint): Equation[] {
  const { tier, promisedSeconds, excludedSeconds, usedSeconds, chargedUnits, voucherUnits } = credit;
  const share = BigInt(tier.creditBps);
  const seconds = { used: usedSeconds, promised: promisedSeconds, excluded: excludedSeconds };
  return [
    equation('slaLine', { ...seconds, below: BigInt(tier.belowPpm), share }, share),
    equation('slaDue', { charged: chargedUnits, vouchers: voucherUnits, share }, credit.dueUnits),
    equation('slaMissing', { due: credit.dueUnits, given: credit.givenBeforeUnits }, credit.amountUnits),
    equation('slaPosted', { credited: credit.amountUnits }, postedUnits),
  ];
}
