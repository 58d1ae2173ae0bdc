import type { AccountKind, Asset, JournalKind } from '#lib/ledger/types.ts';
import { type Equation, equation } from './equation.ts';
import { slaEquations } from './sla.ts';
import { correctedEquations, creditEquations, disputeEquations, refundEquations } from './matter.ts';
import type { JournalCause, SeenLeg } from './types.ts';

const debitsOf = (legs: readonly SeenLeg[]): bigint => legs.reduce((sum, { debitUnits }) => sum + debitUnits, 0n);
const creditsOf = (legs: readonly SeenLeg[]): bigint => legs.reduce((sum, { creditUnits }) => sum + creditUnits, 0n);
const on = (legs: readonly SeenLeg[], ...kinds: readonly AccountKind[]): SeenLeg[] =>
  legs.filter(({ accountKind }) => kinds.includes(accountKind));

/** What the legs of some kinds of account come to, credits less debits or the other way round, never below zero. */
function movedOn(legs: readonly SeenLeg[], ...kinds: readonly AccountKind[]): bigint {
  const chosen = on(legs, ...kinds);
  const net = creditsOf(chosen) - debitsOf(chosen);
  return net < 0n ? -net : net;
}

function balance(asset: Asset, legs: readonly SeenLeg[]): Equation {
  const rule = asset === 'CNY/8' ? 'balancedMoney' : 'balancedSeconds';
  return equation(rule, { debit: debitsOf(legs) }, creditsOf(legs));
}

/** An hour's journal against the charges of the hour: their money, and their seconds by what became of them. */
function hourEquations(legs: readonly SeenLeg[], { hour }: JournalCause): Equation[] {
  if (hour === null) return [];
  return [
    equation('hourMoney', { charged: hour.amountUnits }, movedOn(legs, 'hold', 'commitment', 'receivable', 'promo')),
    equation('hourUsed', { used: hour.usedSeconds }, movedOn(legs, 'capacityUsed')),
    equation('hourUnused', { unused: hour.unusedSeconds }, movedOn(legs, 'capacityIdle')),
    equation('hourDown', { down: hour.downSeconds }, movedOn(legs, 'capacityDown')),
  ];
}

function lineEquations(legs: readonly SeenLeg[], { line }: JournalCause): Equation[] {
  if (line === null || on(legs, 'revenueUsage', 'vatPayable').length === 0) return [];
  return [
    equation('netPosted', { net: line.netFen }, movedOn(legs, 'revenueUsage')),
    equation('taxPosted', { tax: line.taxFen }, movedOn(legs, 'vatPayable')),
  ];
}

/** The residue against the account of the journal that it passes through: the customer's, or where in sight rounding. */
function residueEquations(
  account: 'wallet' | 'rounding',
  legs: readonly SeenLeg[],
  { invoice }: JournalCause,
): Equation[] {
  if (invoice === null || on(legs, account).length === 0) return [];
  return [equation('residuePosted', { residue: invoice.residueUnits }, movedOn(legs, account))];
}

function receiptEquations(legs: readonly SeenLeg[], receivedFen: bigint | null, account: AccountKind): Equation[] {
  if (receivedFen === null || on(legs, account).length === 0) return [];
  return [equation('received', { received: receivedFen }, movedOn(legs, account))];
}

function holdEquations({ hold }: JournalCause): Equation[] {
  if (hold === null) return [];
  const { placedUnits: placed, capturedUnits: captured, releasedUnits: released, balanceUnits } = hold;
  return [equation('setAside', { placed, captured, released }, balanceUnits)];
}

/** Legs of a reversal that are the original's the other way round. */
function mirrored(legs: readonly SeenLeg[], original: readonly SeenLeg[]): Equation {
  const opposite = original.filter((theirs) =>
    legs.some(
      (own) =>
        own.leg === theirs.leg &&
        own.path === theirs.path &&
        own.debitUnits === theirs.creditUnits &&
        own.creditUnits === theirs.debitUnits,
    ),
  );
  return equation('mirrored', { legs: BigInt(original.length) }, BigInt(opposite.length));
}

function causeEquations(kind: JournalKind, legs: readonly SeenLeg[], cause: JournalCause): Equation[] {
  switch (kind) {
    case 'usageAccrued':
    case 'commitmentEarned':
    case 'postpaidAccrued':
      return hourEquations(legs, cause);
    case 'holdPlaced':
    case 'commitmentPaid':
    case 'holdReleased':
    case 'commitmentReturned':
      return holdEquations(cause);
    case 'invoiceIssued':
      return lineEquations(legs, cause);
    case 'residueDropped':
      return residueEquations('rounding', legs, cause);
    case 'residueReturned':
      return residueEquations('wallet', legs, cause);
    case 'slaCompensated':
      return cause.sla === null ? [] : slaEquations(cause.sla, movedOn(legs, 'wallet', 'receivable'));
    case 'topUpSettled':
    case 'transferMatched':
      return receiptEquations(legs, cause.payment?.receivedFen ?? null, 'wallet');
    case 'bankReceived':
    case 'transferReturned':
      return receiptEquations(legs, cause.bankLine?.amountFen ?? null, 'bank');
    case 'usageCorrected':
      return correctedEquations(legs, cause);
    case 'creditNoteIssued':
      return creditEquations(legs, cause);
    case 'refundAsked':
    case 'refundPaid':
    case 'refundFailed':
      return refundEquations(legs, cause);
    case 'disputeOpened':
    case 'disputeBlocked':
    case 'disputeWon':
    case 'disputeUnblocked':
    case 'disputeLost':
      return disputeEquations(kind, legs, cause);
    default:
      return [];
  }
}

/**
 * The steps that tie a journal to what it was posted for, and show that it balances. `isWhole` is false where the legs
 * of others are not in sight: then nothing is said of its balance. `original` are the legs of what it reverses.
 */
export function journalEquations(
  kind: JournalKind,
  legs: readonly SeenLeg[],
  isWhole: boolean,
  cause: JournalCause,
  original: readonly SeenLeg[] | null,
): readonly Equation[] {
  const byAsset = [...Map.groupBy(legs, ({ asset }) => asset)];
  return [
    ...(original === null ? [] : [mirrored(legs, original)]),
    ...causeEquations(kind, legs, cause),
    ...(isWhole ? byAsset.map(([asset, some]) => balance(asset, some)) : []),
  ];
}
