import type { AccountKind, JournalKind } from '#lib/ledger/types.ts';
import { type Equation, equation } from './equation.ts';
import type { JournalCause, SeenLeg } from './types.ts';

/** What the legs on accounts of a kind come to, never below zero; null where none is in sight. */
function movedOn(legs: readonly SeenLeg[], ...kinds: readonly AccountKind[]): bigint | null {
  const chosen = legs.filter(({ accountKind }) => kinds.includes(accountKind));
  if (chosen.length === 0) return null;
  const net = chosen.reduce((sum, { debitUnits, creditUnits }) => sum + creditUnits - debitUnits, 0n);
  return net < 0n ? -net : net;
}

/** A step about what legs moved; left out where they are not in sight. */
function about(moved: bigint | null, make: (moved: bigint) => Equation): Equation[] {
  return moved === null ? [] : [make(moved)];
}

/** A line of a credit note: its share of net and tax by the invoice's rule, and what was posted of each. */
export function creditEquations(legs: readonly SeenLeg[], { creditLine }: JournalCause): Equation[] {
  if (creditLine === null) return [];
  const { grossFen: gross, netFen: net, taxFen: tax, before, taxRateBps } = creditLine;
  return [
    equation('creditNet', { before: before.grossFen, gross, netBefore: before.netFen, rate: BigInt(taxRateBps) }, net),
    equation('tax', { gross, net }, tax),
    ...about(movedOn(legs, 'wallet', 'receivable'), (moved) => equation('creditPosted', { net, tax }, moved)),
    ...about(movedOn(legs, 'contraCreditNote'), (moved) => equation('netPosted', { net }, moved)),
    ...about(movedOn(legs, 'vatPayable'), (moved) => equation('taxPosted', { tax }, moved)),
  ];
}

/** A refund: what was asked for is what moved, and nothing of it is left once it has ended. */
export function refundEquations(legs: readonly SeenLeg[], { refund }: JournalCause): Equation[] {
  if (refund === null) return [];
  const { amountFen, askedUnits: asked, paidUnits: paid, returnedUnits: returned, state } = refund;
  const isOnItsWay = state === 'asked' || state === 'approved';
  return [
    ...about(movedOn(legs, 'refundInFlight'), (moved) => equation('refundPosted', { amount: amountFen }, moved)),
    equation('refundLeft', { asked, paid, returned }, isOnItsWay ? asked : 0n),
  ];
}

/** A dispute: the customer lacks what the provider keeps, wallet and debt together, until it is won or lost. */
export function disputeEquations(kind: JournalKind, legs: readonly SeenLeg[], { dispute }: JournalCause): Equation[] {
  if (dispute === null) return [];
  const { keptUnits, takenUnits: taken, givenBackUnits: back, lostUnits: lost, leftUnits } = dispute;
  const [fromWallet, owed] = [movedOn(legs, 'wallet') ?? 0n, movedOn(legs, 'receivableDisputed') ?? 0n];
  const hasShares = kind === 'disputeBlocked' || kind === 'disputeUnblocked';
  return [
    ...about(movedOn(legs, 'disputeHeld', 'disputed'), (moved) => {
      // A loss sets both sides against each other, so their sum says nothing; one of them says it.
      const side = kind === 'disputeLost' ? (movedOn(legs, 'disputed') ?? moved) : moved;
      return equation('disputeMoved', { taken }, side);
    }),
    ...(keptUnits === null ? [] : [equation('disputeKept', { kept: keptUnits }, taken)]),
    ...(hasShares
      ? about(movedOn(legs, 'disputed'), (moved) => equation('disputeShares', { fromWallet, owed }, moved))
      : []),
    equation('disputeLeft', { taken, back, lost }, leftUnits),
  ];
}

/** An hour that was put right or charged late: the charges of the journal, signed as they are, whoever pays or gets them. */
export function correctedEquations(legs: readonly SeenLeg[], { hour }: JournalCause): Equation[] {
  if (hour === null) return [];
  const signed = (...kinds: readonly AccountKind[]): bigint =>
    legs
      .filter(({ accountKind }) => kinds.includes(accountKind))
      .reduce((sum, { debitUnits, creditUnits }) => sum + creditUnits - debitUnits, 0n);
  return [
    equation('hourMoney', { charged: hour.amountUnits }, -signed('wallet', 'receivable', 'promo')),
    equation('hourUsed', { used: hour.usedSeconds }, signed('capacityUsed')),
    equation('hourUnused', { unused: hour.unusedSeconds }, signed('capacityIdle')),
    equation('hourDown', { down: hour.downSeconds }, signed('capacityDown')),
  ];
}
