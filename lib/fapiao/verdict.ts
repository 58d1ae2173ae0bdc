import { assertNever } from '#lib/core/assert.ts';
import { type Fen, fen } from '#lib/core/money.ts';
import type { IssueOutcome, IssueResult } from './provider.ts';
import type { FapiaoKind, FapiaoState } from './types.ts';

/** Why a result that was read is not taken over, in the order in which it is checked. */
export type Conflict =
  | { readonly code: 'unknown' }
  | { readonly code: 'contradicted' }
  | { readonly code: 'issuedOtherwise'; readonly number: string }
  | { readonly code: 'closed'; readonly state: FapiaoState }
  | { readonly code: 'notHandedOver' }
  | { readonly code: 'amountDiffers'; readonly expectedFen: Fen }
  | { readonly code: 'dateOutOfRange' }
  | { readonly code: 'numberTaken' };

/**
 * New: would be taken over. Known: is so already, or an earlier row said it. Broken: cannot be read.
 * A file that was half taken over is finished by sending it again.
 */
export type Verdict =
  | { readonly kind: 'new' | 'done' | 'known' | 'broken' }
  | { readonly kind: 'conflict'; readonly conflict: Conflict };

export type JudgedResult = IssueResult & { readonly verdict: Verdict; readonly fapiaoId: string | null };

/** What is known of a fapiao that a result names. */
export type KnownFapiao = {
  readonly id: string;
  readonly salesNumber: string;
  readonly kind: FapiaoKind;
  readonly state: FapiaoState;
  readonly number: string | null;
  readonly grossFen: Fen;
  /** The Shanghai date of its request: nothing is issued before. */
  readonly requestedOn: string;
};

const sameOutcome = (a: IssueOutcome, b: IssueOutcome): boolean =>
  a.kind === 'issued'
    ? b.kind === 'issued' && a.number === b.number && a.grossFen === b.grossFen && a.issuedOn === b.issuedOn
    : b.kind === 'refused';

/** What stands against an outcome for a fapiao; null when nothing does, `known` when it is so already. */
export function conflictOf(
  fapiao: KnownFapiao,
  outcome: IssueOutcome,
  context: { readonly today: string; readonly isNumberTaken: boolean },
): Conflict | 'known' | null {
  switch (fapiao.state) {
    case 'issued':
      if (outcome.kind === 'issued' && outcome.number === fapiao.number) break;
      return { code: 'issuedOtherwise', number: fapiao.number ?? '' };
    case 'refused':
      return outcome.kind === 'refused' ? 'known' : { code: 'closed', state: fapiao.state };
    case 'withdrawn':
      return { code: 'closed', state: fapiao.state };
    case 'requested':
    case 'confirmed':
      return { code: 'notHandedOver' };
    case 'issuing':
      break;
    default:
      return assertNever(fapiao.state);
  }
  if (outcome.kind === 'refused') return null;
  const expectedFen = fen(fapiao.kind === 'red' ? -fapiao.grossFen : fapiao.grossFen);
  if (outcome.grossFen !== expectedFen) return { code: 'amountDiffers', expectedFen };
  if (fapiao.state === 'issued') return 'known';
  if (outcome.issuedOn > context.today || outcome.issuedOn < fapiao.requestedOn) return { code: 'dateOutOfRange' };
  return context.isNumberTaken ? { code: 'numberTaken' } : null;
}

/** Judges every result by what is known and by the rows before it. `taken` are numbers that others have. */
export function judgeResults(
  results: readonly IssueResult[],
  known: readonly KnownFapiao[],
  taken: ReadonlySet<string>,
  today: string,
): JudgedResult[] {
  const bySalesNumber = new Map(known.map((fapiao) => [fapiao.salesNumber, fapiao]));
  const saidBefore = new Map<string, IssueOutcome>();
  const numbers = new Set(taken);
  return results.map((result): JudgedResult => {
    if (!result.read.isRead) return { ...result, verdict: { kind: 'broken' }, fapiaoId: null };
    const { outcome } = result.read;
    const fapiao = bySalesNumber.get(result.salesNumber);
    if (!fapiao) return { ...result, verdict: { kind: 'conflict', conflict: { code: 'unknown' } }, fapiaoId: null };
    const judged = (verdict: Verdict): JudgedResult => ({ ...result, verdict, fapiaoId: fapiao.id });
    const before = saidBefore.get(result.salesNumber);
    if (before)
      return judged(
        sameOutcome(before, outcome) ? { kind: 'known' } : { kind: 'conflict', conflict: { code: 'contradicted' } },
      );
    const isNumberTaken = outcome.kind === 'issued' && numbers.has(outcome.number);
    const conflict = conflictOf(fapiao, outcome, { today, isNumberTaken });
    if (conflict === 'known') return judged({ kind: 'known' });
    if (conflict !== null) return judged({ kind: 'conflict', conflict });
    saidBefore.set(result.salesNumber, outcome);
    if (outcome.kind === 'issued') numbers.add(outcome.number);
    return judged({ kind: 'new' });
  });
}
