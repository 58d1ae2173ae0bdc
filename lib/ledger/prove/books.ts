import type { Instant } from '#lib/core/instant.ts';
import { type Month, monthInterval, monthOf, nextMonth } from '#lib/core/period.ts';
import type { AccountRef, Journal, Leg } from '../types.ts';
import { LOCKED, OWED } from './pairs.ts';

/** An account as the model has it. Its balance is credits minus debits, of all kinds. */
export type Account = {
  readonly ref: AccountRef;
  balance: bigint;
  minimum: bigint;
  postings: bigint;
};

/** What was set aside for a reservation and what became of it. */
export type Hold = { placed: bigint; captured: bigint; released: bigint; isResolved: boolean };

/** A journal as it stands in the books. */
export type Posted = Journal & { readonly reverses: string | null };

/** A debt of a dispute, or of hours of grace, has no floor within reach. */
const DEBT_FLOOR = -1_000_000_000_000_000_000n;

const DEBTS: ReadonlySet<AccountRef['kind']> = new Set<AccountRef['kind']>(['receivableDisputed', 'arrears']);

const CAPTURING = new Set(['usageAccrued', 'commitmentEarned']);

/** The books as plain maps: a ledger of a few lines, to which the real one is compared after every step. */
export class Books {
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  readonly journals = new Map<string, Posted>();
  readonly closed = new Set<Month>();
  /** Limits of credit lines in force, by account path. */
  readonly limits = new Map<string, bigint>();

  account(ref: AccountRef): Account {
    const known = this.accounts.get(ref.path);
    if (known) return known;
    const minimum = DEBTS.has(ref.kind) ? DEBT_FLOOR : -(this.limits.get(ref.path) ?? 0n);
    const made: Account = { ref, balance: 0n, minimum, postings: 0n };
    this.accounts.set(ref.path, made);
    return made;
  }

  balanceOf({ path }: AccountRef): bigint {
    return this.accounts.get(path)?.balance ?? 0n;
  }

  /** When something of a moment may count: then, or when the next open month begins. */
  openAt(at: Instant): Instant {
    let found = at;
    for (let month = monthOf(at); this.closed.has(month); month = nextMonth(month))
      found = monthInterval(nextMonth(month)).startAt;
    return found;
  }

  /** Writes a journal that was judged good. */
  enter(journal: Journal, reverses: string | null = null): void {
    this.journals.set(journal.key, { ...journal, reverses });
    for (const leg of journal.legs) {
      const account = this.account(leg.account);
      account.balance += leg.creditUnits - leg.debitUnits;
      account.postings += 1n;
      if (account.ref.kind === 'hold' || account.ref.kind === 'commitment') this.#follow(journal, leg);
    }
  }

  #follow(journal: Journal, { account, debitUnits, creditUnits }: Leg): void {
    const hold = this.holds.get(account.path) ?? { placed: 0n, captured: 0n, released: 0n, isResolved: false };
    hold.placed += creditUnits;
    if (CAPTURING.has(journal.kind)) hold.captured += debitUnits;
    else hold.released += debitUnits;
    this.holds.set(account.path, hold);
  }

  /** Every pair of kinds that a journal has set against each other, as `kind: debit → credit`. */
  *pairs(): Generator<string> {
    for (const { kind, legs } of this.journals.values())
      for (const { account: debit } of legs.filter(({ debitUnits }) => debitUnits > 0n))
        for (const { account: credit } of legs.filter(({ creditUnits }) => creditUnits > 0n))
          if (debit.asset === credit.asset) yield `${kind}: ${debit.kind} → ${credit.kind}`;
  }

  /** What is wrong with these books by themselves; empty when every invariant holds. */
  wrongs(): string[] {
    const accounts = [...this.accounts.values()];
    const sums = new Map<string, bigint>();
    for (const { ref, balance } of accounts) sums.set(ref.asset, (sums.get(ref.asset) ?? 0n) + balance);
    return [
      ...[...sums].filter(([, sum]) => sum !== 0n).map(([asset]) => `${asset} does not sum to zero`),
      ...accounts
        .filter((a) => LOCKED.has(a.ref.kind) && a.balance < a.minimum)
        .map((a) => `${a.ref.path} is below its minimum`),
      ...accounts.filter((a) => OWED.has(a.ref.kind) && a.balance > 0n).map((a) => `${a.ref.path} is overpaid`),
      ...[...this.holds]
        .filter(([path, h]) => this.accounts.get(path)?.balance !== h.placed - h.captured - h.released)
        .map(([path]) => `${path} holds something else`),
    ];
  }
}
