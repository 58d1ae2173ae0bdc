import { assertNever } from '#lib/core/assert.ts';
import { chart } from '../chart.ts';
import type { Attempt } from './attempt.ts';
import { MONEY } from './attempts-money.ts';
import { RESERVATIONS } from './attempts-reservations.ts';
import { WRONG } from './attempts-wrong.ts';
import { judge, judgeAll, judgeReversal, reversalOf, type Verdict } from './judge.ts';
import type { Operation, OperationName } from './operation.ts';
import type { World } from './world.ts';

const MAKERS: Readonly<Record<OperationName, (world: World, operation: Operation) => Attempt>> = {
  ...MONEY,
  ...RESERVATIONS,
  ...WRONG,
};

/** What a step must come to in the books. `inUse` and `samePerson` are the answers of a line that changes nothing. */
export type Expected = Verdict | 'inUse' | 'samePerson';

/** An attempt with what the model says must come of it; the model has moved on already. */
export type Step = { readonly operation: Operation; readonly attempt: Attempt; readonly expected: Expected };

function playLine(world: World, attempt: Extract<Attempt, { kind: 'line' }>): Expected {
  if (attempt.isSamePerson) return 'samePerson';
  // A line on account bounds what is owed and what is set aside, both together.
  const bounded = attempt.account === 'receivable' ? [chart.receivable, chart.lineSetAside] : [chart.wallet];
  const accounts = bounded.map((of) => world.books.account(of(attempt.organisation)));
  if (accounts.reduce((sum, { balance }) => sum + balance, 0n) < -attempt.limit) return 'inUse';
  for (const account of accounts) {
    account.minimum = -attempt.limit;
    world.books.limits.set(account.ref.path, attempt.limit);
  }
  return 'created';
}

function playResolve({ books }: World, attempt: Extract<Attempt, { kind: 'resolve' }>): Expected {
  const verdict = attempt.rest && attempt.rest.legs.length > 0 ? judge(books, attempt.rest) : 'exists';
  if (verdict !== 'created' && verdict !== 'exists') return verdict;
  const hold = books.holds.get(attempt.hold);
  const left = (books.accounts.get(attempt.hold)?.balance ?? 0n) - (verdict === 'created' ? leftBy(attempt) : 0n);
  if (hold && !hold.isResolved && left !== 0n) return '23514';
  if (attempt.rest && verdict === 'created') books.enter(attempt.rest);
  const after = books.holds.get(attempt.hold);
  if (after) after.isResolved = true;
  return verdict;
}

const leftBy = ({ rest, hold }: Extract<Attempt, { kind: 'resolve' }>): bigint =>
  rest?.legs.reduce((sum, leg) => (leg.account.path === hold ? sum + leg.debitUnits : sum), 0n) ?? 0n;

function playReversal({ books }: World, { key, reason }: Extract<Attempt, { kind: 'reverse' }>): Expected {
  const verdict = judgeReversal(books, key, reason);
  const original = books.journals.get(key);
  if (verdict === 'created' && original) books.enter(reversalOf(books, original, reason), key);
  return verdict;
}

function playAttempt(world: World, attempt: Attempt): Expected {
  const { books } = world;
  switch (attempt.kind) {
    case 'nothing':
      return 'exists';
    case 'close':
      books.closed.add(attempt.month);
      return 'created';
    case 'line':
      return playLine(world, attempt);
    case 'resolve':
      return playResolve(world, attempt);
    case 'reverse':
      return playReversal(world, attempt);
    case 'post': {
      const journals = attempt.journals.filter(({ legs }) => legs.length > 0);
      const verdict = judgeAll(books, journals);
      if (verdict === 'created') for (const journal of journals) books.enter(journal);
      return verdict;
    }
    default:
      return assertNever(attempt);
  }
}

/** Plays an operation in the model: what it attempts, and what must come of it in the real books. */
export function play(world: World, operation: Operation): Step {
  const attempt = MAKERS[operation.do](world, operation);
  return { operation, attempt, expected: playAttempt(world, attempt) };
}
