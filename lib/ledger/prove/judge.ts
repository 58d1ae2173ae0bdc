import { monthOf } from '#lib/core/period.ts';
import type { Journal, Leg, LedgerRefusal } from '../types.ts';
import type { Books } from './books.ts';
import { chart } from '../chart.ts';
import { isPermitted, LOCKED, OWED, REVERSIBLE } from './pairs.ts';

/** What comes of an attempt: done, done before, or refused for a reason. SQL states are walls that have no better name. */
export type Verdict = 'created' | 'exists' | LedgerRefusal['code'] | '23514';

const isDone = (verdict: Verdict): boolean => verdict === 'created' || verdict === 'exists';

const contentOf = ({ kind, effectiveAt, legs }: Journal): string =>
  [kind, effectiveAt, ...legs.map((leg) => `${leg.account.path} ${leg.debitUnits} ${leg.creditUnits}`)].join('\n');

function isOverdrawn(books: Books, legs: readonly Leg[], isPosting: boolean): 'insufficientFunds' | '23514' | null {
  const nets = new Map<string, bigint>();
  for (const { account, debitUnits, creditUnits } of legs)
    if (LOCKED.has(account.kind)) nets.set(account.path, (nets.get(account.path) ?? 0n) + creditUnits - debitUnits);
  const after = legs.map(({ account }) => {
    const known = books.accounts.get(account.path);
    return {
      kind: account.kind,
      balance: (known?.balance ?? 0n) + (nets.get(account.path) ?? 0n),
      minimum: known?.minimum ?? 0n,
    };
  });
  const locked = after.filter(({ kind }) => LOCKED.has(kind));
  const isOverpaid = locked.some(({ kind, balance }) => OWED.has(kind) && balance > 0n);
  // A posting moves the rows that may be moved before it says which may not; a reversal looks first.
  if (isOverpaid && isPosting) return '23514';
  if (locked.some(({ balance, minimum }) => balance < minimum)) return 'insufficientFunds';
  if (passesLine(books, nets)) return 'insufficientFunds';
  return isOverpaid ? '23514' : null;
}

/** True when more would be set aside and owed on account than the line allows, and this takes more of either. */
function passesLine(books: Books, nets: ReadonlyMap<string, bigint>): boolean {
  return [...nets].some(([path, net]) => {
    const { ref, minimum } = books.accounts.get(path) ?? {};
    if (!ref || net >= 0n || (ref.kind !== 'receivable' && ref.kind !== 'lineSetAside') || ref.organisationId === null)
      return false;
    const both = [chart.receivable(ref.organisationId), chart.lineSetAside(ref.organisationId)];
    const after = both.reduce((sum, of) => sum + books.balanceOf(of) + (nets.get(of.path) ?? 0n), 0n);
    return after < (minimum ?? 0n);
  });
}

/** What may leave a wallet although its organisation owes: paying the debt, and what nobody can ask not to be taken. */
const TAKEN_FIRST: ReadonlySet<Journal['kind']> = new Set<Journal['kind']>([
  'arrearsPaid',
  'reversal',
  'disputeBlocked',
]);

/** True when a wallet would pay for something with what its organisation owes for hours of grace. */
function spendsDebt(books: Books, { kind, legs }: Journal): boolean {
  if (TAKEN_FIRST.has(kind)) return false;
  return legs.some(({ account, debitUnits }) => {
    const org = account.organisationId;
    if (account.kind !== 'wallet' || debitUnits === 0n || org === null) return false;
    const owed = -books.balanceOf(chart.arrears(org));
    const net = legs.reduce(
      (sum, leg) => (leg.account.path === account.path ? sum + leg.creditUnits - leg.debitUnits : sum),
      0n,
    );
    const { balance, minimum } = books.account(account);
    return owed > 0n && balance + net - minimum < owed;
  });
}

function isUnbalanced(books: Books, legs: readonly Leg[]): boolean {
  const sums = new Map<string, { net: bigint; legs: number }>();
  for (const { account, debitUnits, creditUnits } of legs) {
    const sum = sums.get(account.asset) ?? { net: 0n, legs: 0 };
    sums.set(account.asset, { net: sum.net + creditUnits - debitUnits, legs: sum.legs + 1 });
  }
  const mixed = legs.some(
    ({ account }) => (books.accounts.get(account.path)?.ref.asset ?? account.asset) !== account.asset,
  );
  return mixed || [...sums.values()].some(({ net, legs: count }) => net !== 0n || count < 2);
}

function isMispaired({ kind, legs }: Journal): boolean {
  const [debits, credits] = [legs.filter((leg) => leg.debitUnits > 0n), legs.filter((leg) => leg.creditUnits > 0n)];
  return debits.some(({ account: debit }) =>
    credits.some(({ account: credit }) => credit.asset === debit.asset && !isPermitted(kind, debit.kind, credit.kind)),
  );
}

/** What must come of posting a journal, by the order of refusals. */
export function judge(books: Books, journal: Journal): Verdict {
  const known = books.journals.get(journal.key);
  if (known) return contentOf(known) === contentOf(journal) ? 'exists' : 'journalKeyReused';
  if (journal.kind === 'reversal') return '23514';
  if (books.closed.has(monthOf(journal.effectiveAt))) return 'monthClosed';
  const overdrawn = isOverdrawn(books, journal.legs, true);
  if (overdrawn) return overdrawn;
  if (journal.legs.some(({ account }) => books.holds.get(account.path)?.isResolved)) return 'holdResolved';
  if (spendsDebt(books, journal)) return 'insufficientFunds';
  if (isUnbalanced(books, journal.legs)) return 'journalUnbalanced';
  return isMispaired(journal) ? 'pairNotPermitted' : 'created';
}

/** What must come of journals that are posted as one: all of them, or the first refusal. */
export function judgeAll(books: Books, journals: readonly Journal[]): Verdict {
  const verdicts = journals.map((journal) => judge(books, journal));
  return verdicts.find((verdict) => !isDone(verdict)) ?? verdicts[0] ?? 'exists';
}

/** A journal's reversal, as it would stand in the books. */
export function reversalOf(books: Books, original: Journal, reason: string): Journal {
  return {
    key: `reverse:${original.key}`,
    kind: 'reversal',
    organisationId: original.organisationId,
    effectiveAt: books.openAt(original.effectiveAt),
    source: { reverses: original.key, reason },
    legs: original.legs.map(({ account, debitUnits, creditUnits }) => ({
      account,
      debitUnits: creditUnits,
      creditUnits: debitUnits,
    })),
  };
}

/** What must come of reversing a journal. */
export function judgeReversal(books: Books, key: string, reason: string): Verdict {
  const original = books.journals.get(key);
  if (!original) return 'journalUnknown';
  if (!REVERSIBLE.has(original.kind)) return 'journalNotReversible';
  const known = books.journals.get(`reverse:${key}`);
  if (known) return known.source['reason'] === reason ? 'exists' : 'journalKeyReused';
  return isOverdrawn(books, reversalOf(books, original, reason).legs, false) ?? 'created';
}
