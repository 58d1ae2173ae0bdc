import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { monotonicMs } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import {
  type PostingKey,
  readAccount,
  readAccountsNamed,
  readAccountsOfKind,
  readChart,
  readPostings,
} from './books-store.ts';
import { readJournal, readJournals, readJournalsNamed } from './journals-store.ts';
import { LEDGER_PROOFS } from './proofs.ts';
import { balancesAfter, keysetPage, trialBalances } from './trial-balance.ts';
import type { AccountKind, JournalKind } from './types.ts';
import {
  ACCOUNT_KINDS,
  type AccountPosting,
  type AccountView,
  type ChartLine,
  type JournalRow,
  type JournalDetail,
  type KeysetPage,
  type TimedProof,
  type TrialBalance,
} from './view-types.ts';

export const BOOK_PAGE_ROWS = 50;
const HITS_MAX = 20;
/** A search for less finds everything. */
const SEARCH_LENGTH = { least: 3, most: 120 };
/** Proofs read every posting; a large ledger takes minutes. */
const PROOF_MS_MAX = 120_000;

/** Reads what stands in an address as the number of a row; null when it is none. */
function numberIn(text: string): bigint | null {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : null;
}

/** The chart with balances as trial balances, one an asset. Kept balances are taken as they are kept, the others summed. */
export async function getTrialBalances(ctx: Ctx): Promise<TrialBalance[]> {
  authorize(ctx, 'ledger:read');
  return trialBalances(await withTx(ctx, (tx) => readChart(tx, ACCOUNT_KINDS)));
}

/** What some kinds of account hold together, without the others' sums. */
export async function listBalances(ctx: Ctx, kinds: readonly AccountKind[]): Promise<ChartLine[]> {
  authorize(ctx, 'ledger:read');
  return withTx(ctx, (tx) => readChart(tx, kinds));
}

/** The accounts of a kind, newest first; those that hold nothing only when asked for. */
export async function listAccounts(
  ctx: Ctx,
  filter: {
    readonly kind: AccountKind;
    readonly asset: string | null;
    readonly isEmptyShown: boolean;
    readonly olderThan: string | null;
  },
): Promise<KeysetPage<AccountView>> {
  authorize(ctx, 'ledger:read');
  const olderThan = filter.olderThan === null ? null : numberIn(filter.olderThan);
  const rows = await withTx(ctx, (tx) => readAccountsOfKind(tx, { ...filter, olderThan }, BOOK_PAGE_ROWS + 1));
  return keysetPage(rows, BOOK_PAGE_ROWS, ({ id }) => id);
}

function postingKeyIn(text: string | null): PostingKey | null {
  const match = /^(\d{1,18})\.(\d{1,6})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { journalId: BigInt(match[1]), leg: Number.parseInt(match[2], 10) } : null;
}

/** An account with a page of its postings, newest first, each with the balance after it; null when there is none. */
export async function findAccount(
  ctx: Ctx,
  idText: string,
  olderThan: string | null,
): Promise<{ account: AccountView; postings: KeysetPage<AccountPosting> } | null> {
  authorize(ctx, 'ledger:read');
  const id = numberIn(idText);
  if (id === null) return null;
  return withTx(ctx, async (tx) => {
    const account = await readAccount(tx, id);
    if (!account) return null;
    const { newestUnits, rows } = await readPostings(tx, id, postingKeyIn(olderThan), BOOK_PAGE_ROWS + 1);
    const after = balancesAfter(newestUnits, rows);
    const postings = rows.map((row, i) => ({ ...row, balanceAfterUnits: after[i] ?? 0n }));
    return { account, postings: keysetPage(postings, BOOK_PAGE_ROWS, (row) => `${row.journalId}.${row.leg}`) };
  });
}

/** The journals, newest first, of one kind or of all. */
export async function listJournals(
  ctx: Ctx,
  filter: { readonly kind: JournalKind | null; readonly olderThan: string | null },
): Promise<KeysetPage<JournalRow>> {
  authorize(ctx, 'ledger:read');
  const olderThan = filter.olderThan === null ? null : numberIn(filter.olderThan);
  const rows = await withTx(ctx, (tx) => readJournals(tx, { kind: filter.kind, olderThan }, BOOK_PAGE_ROWS + 1));
  return keysetPage(rows, BOOK_PAGE_ROWS, ({ id }) => id);
}

/** A journal with its legs and where it comes from; null when there is none of that number. */
export async function findJournal(ctx: Ctx, idText: string): Promise<JournalDetail | null> {
  authorize(ctx, 'ledger:read');
  const id = numberIn(idText);
  return id === null ? null : withTx(ctx, (tx) => readJournal(tx, id));
}

/**
 * Journals by number, key or anything that their source names (a reservation, an invoice, a payment), and accounts by
 * their path; a few of each.
 */
export async function searchBooks(
  ctx: Ctx,
  text: string,
): Promise<{ readonly journals: JournalRow[]; readonly accounts: AccountView[] }> {
  authorize(ctx, 'ledger:read');
  const wanted = text.trim().slice(0, SEARCH_LENGTH.most);
  const number = numberIn(wanted);
  if (number === null && wanted.length < SEARCH_LENGTH.least) return { journals: [], accounts: [] };
  return withTx(ctx, async (tx) => {
    if (number !== null)
      return { journals: [await readJournal(tx, number)].filter((row) => row !== null), accounts: [] };
    return {
      journals: await readJournalsNamed(tx, wanted, HITS_MAX),
      accounts: await readAccountsNamed(tx, wanted, HITS_MAX),
    };
  });
}

/** Proves the ledger now, each proof on a snapshot of its own. Changes nothing. */
export async function proveLedger(ctx: Ctx): Promise<TimedProof[]> {
  authorize(ctx, 'ledger:prove');
  const results: TimedProof[] = [];
  for (const { name, claim, run } of LEDGER_PROOFS) {
    const startedMs = monotonicMs();
    const found = await withTx(ctx, run, { timeoutMs: PROOF_MS_MAX });
    results.push({ name, claim, ...found, milliseconds: Math.round(monotonicMs() - startedMs) });
  }
  return results;
}
