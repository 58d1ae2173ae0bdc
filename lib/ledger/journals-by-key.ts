import 'server-only';
import { fromDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { JournalKind, JournalView } from './types.ts';

/** The journals of some keys, oldest first, with the legs in sight; keys that were not posted are absent. */
export async function readJournals(tx: Tx, keys: readonly string[]): Promise<JournalView[]> {
  const rows = await tx.journal.findMany({
    where: { key: { in: [...keys] } },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      key: true,
      kind: true,
      effectiveAt: true,
      postedAt: true,
      postings: {
        orderBy: { leg: 'asc' },
        select: { accountId: true, asset: true, debitUnits: true, creditUnits: true },
      },
    },
  });
  const accounts = await tx.account.findMany({
    where: { id: { in: rows.flatMap(({ postings }) => postings.map(({ accountId }) => accountId)) } },
    select: { id: true, path: true },
  });
  const pathOf = new Map(accounts.map(({ id, path }) => [id, path]));
  return rows.map(({ id, key, kind, effectiveAt, postedAt, postings }) => ({
    id,
    key,
    kind: kind as JournalKind,
    effectiveAt: fromDate(effectiveAt),
    postedAt: fromDate(postedAt),
    legs: postings.map(({ accountId, asset, debitUnits, creditUnits }) => ({
      path: pathOf.get(accountId) ?? '',
      asset,
      debitUnits,
      creditUnits,
    })),
  }));
}
