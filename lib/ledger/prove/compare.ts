import 'server-only';
import type { Tx } from '#lib/platform/db.ts';
import type { Account, Books } from './books.ts';
import { LOCKED } from './pairs.ts';
import type { Step } from './play.ts';
import { Broken, journalLine, readAccounts, readJournalLines } from './real-books.ts';

function accountLine({ ref, balance, minimum, postings }: Account, books: Books): string {
  if (!LOCKED.has(ref.kind)) return '0';
  const hold = books.holds.get(ref.path);
  const kept = hold ? ` ${hold.placed} ${hold.captured} ${hold.released} ${hold.isResolved ? 'resolved' : 'open'}` : '';
  return `${balance} ${minimum} ${postings}${kept}`;
}

async function compareAccounts(tx: Tx, books: Books, paths: readonly string[]): Promise<void> {
  const found = await readAccounts(tx, paths);
  for (const path of paths) {
    const account = books.accounts.get(path);
    const wanted = account ? accountLine(account, books) : undefined;
    if (found.get(path) !== wanted) throw new Broken(`${path} is ${found.get(path)}, but must be ${wanted}`);
  }
}

async function compareJournals(tx: Tx, books: Books, keys: readonly string[]): Promise<void> {
  const found = await readJournalLines(tx, keys);
  for (const key of keys) {
    const journal = books.journals.get(key);
    const wanted = journal ? journalLine(journal, journal.reverses) : undefined;
    if (found.get(key) !== wanted) throw new Broken(`${key} is ${found.get(key)}, but must be ${wanted}`);
  }
}

function keysOf({ attempt }: Step): string[] {
  if (attempt.kind === 'post') return attempt.journals.map(({ key }) => key);
  if (attempt.kind === 'reverse') return [attempt.key, `reverse:${attempt.key}`];
  return attempt.kind === 'resolve' && attempt.rest ? [attempt.rest.key] : [];
}

function pathsOf({ attempt }: Step, books: Books): string[] {
  if (attempt.kind === 'post') return attempt.journals.flatMap(({ legs }) => legs.map(({ account }) => account.path));
  if (attempt.kind === 'reverse')
    return (books.journals.get(attempt.key)?.legs ?? []).map(({ account }) => account.path);
  if (attempt.kind === 'resolve')
    return [attempt.hold, ...(attempt.rest?.legs ?? []).map(({ account }) => account.path)];
  return attempt.kind === 'line' ? [...books.limits.keys()] : [];
}

/** Demands that what some steps touched, done or refused, is in the real books what it is in the model's. */
export async function compareTouched(tx: Tx, books: Books, steps: readonly Step[]): Promise<void> {
  await compareJournals(tx, books, [...new Set(steps.flatMap(keysOf))]);
  // Accounts that all runs share keep no balance; what was posted into them stands in the journals.
  const paths = new Set(steps.flatMap((step) => pathsOf(step, books)));
  await compareAccounts(
    tx,
    books,
    [...paths].filter((path) => {
      const known = books.accounts.get(path);
      return known !== undefined && LOCKED.has(known.ref.kind);
    }),
  );
}

/** Demands the same of everything that a run has ever touched, and that its organisations have nothing besides. */
export async function compareAll(tx: Tx, books: Books, organisations: readonly string[]): Promise<void> {
  await compareJournals(tx, books, [...books.journals.keys()]);
  const locked = [...books.accounts.values()].filter(({ ref }) => LOCKED.has(ref.kind));
  await compareAccounts(
    tx,
    books,
    locked.map(({ ref }) => ref.path),
  );
  const [row] = await tx.$queryRaw<{ journals: number; accounts: number }[]>`
    SELECT (SELECT count(*)::int FROM journal WHERE organisation_id = ANY(${organisations}::text[])) AS journals,
      (SELECT count(*)::int FROM account WHERE organisation_id = ANY(${organisations}::text[]) AND balance_units IS NOT NULL) AS accounts`;
  const owned = [...books.journals.values()].filter(({ organisationId }) => organisationId !== null).length;
  if (row?.journals !== owned || row.accounts !== locked.length)
    throw new Broken(
      `the organisations have ${row?.journals} journals and ${row?.accounts} accounts, but must have ${owned} and ${locked.length}`,
    );
}
