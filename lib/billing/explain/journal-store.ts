import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { AccountKind, Asset, JournalKind } from '#lib/ledger/types.ts';
import { blockHash, type SealedRow } from '#lib/ledger/sealing.ts';
import type { ChainPlace, JournalExplanation, JournalRef, SeenLeg } from './types.ts';

type JournalRow = {
  id: bigint;
  key: string;
  kind: string;
  organisation_id: string | null;
  effective_at: Date;
  posted_at: Date;
  actor: string;
  actor_name: string | null;
  content_hash: string;
  source: Record<string, string | number>;
  reverses_key: string | null;
};

export type FoundJournal = {
  readonly journal: JournalExplanation['journal'];
  /** The key of what it reverses. */
  readonly reversesKey: string | null;
};

/** A journal by its number, of one organisation or with null of anybody; null when there is none in sight. */
export async function findJournal(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: bigint,
): Promise<FoundJournal | null> {
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND j.organisation_id = ${organisationId}`;
  const [row] = await tx.$queryRaw<JournalRow[]>`
    SELECT j.id, j.key, j.kind, j.organisation_id, j.effective_at, j.posted_at, j.actor, u.name AS actor_name, j.content_hash, j.source, j.reverses_key
    FROM journal j LEFT JOIN user_account u ON j.actor = 'user:' || u.id WHERE j.id = ${id} ${whose}`;
  if (!row) return null;
  const journal = {
    ...refOf(row),
    organisationId: row.organisation_id === null ? null : idFrom('organisation', row.organisation_id),
    postedAt: fromDate(row.posted_at),
    actor: row.actor,
    actorName: row.actor_name,
    contentHash: row.content_hash,
    source: row.source,
  };
  return { journal, reversesKey: row.reverses_key };
}

type RefRow = Pick<JournalRow, 'id' | 'key' | 'kind' | 'effective_at'>;

const refOf = (row: RefRow): JournalRef => ({
  id: `${row.id}`,
  key: row.key,
  kind: row.kind as JournalKind,
  effectiveAt: fromDate(row.effective_at),
});

/** The journals of some keys that are in sight, oldest first. */
export async function readJournalRefs(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  keys: readonly string[],
): Promise<JournalRef[]> {
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND j.organisation_id = ${organisationId}`;
  const rows = await tx.$queryRaw<RefRow[]>`
    SELECT j.id, j.key, j.kind, j.effective_at FROM journal j WHERE j.key = ANY(${keys}::text[]) ${whose} ORDER BY j.id`;
  return rows.map(refOf);
}

/** The journal that takes one back; null when none does. */
export async function findReversal(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  key: string,
): Promise<JournalRef | null> {
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND j.organisation_id = ${organisationId}`;
  const [row] = await tx.$queryRaw<RefRow[]>`
    SELECT j.id, j.key, j.kind, j.effective_at FROM journal j WHERE j.reverses_key = ${key} ${whose}`;
  return row ? refOf(row) : null;
}

/** The legs of a journal in sight, in their order. */
export async function readSeenLegs(tx: Tx, journalId: string): Promise<SeenLeg[]> {
  const rows = await tx.$queryRaw<
    { leg: number; path: string; kind: string; asset: string; debit: bigint; credit: bigint }[]
  >`
    SELECT p.leg, a.path, a.kind, p.asset, p.debit_units AS debit, p.credit_units AS credit
    FROM posting p JOIN account a ON a.id = p.account_id WHERE p.journal_id = ${BigInt(journalId)} ORDER BY p.leg`;
  return rows.map((row) => ({
    leg: row.leg,
    path: row.path,
    accountKind: row.kind as AccountKind,
    asset: row.asset as Asset,
    debitUnits: row.debit,
    creditUnits: row.credit,
  }));
}

/** Where the hash chain has a journal, with its block worked out anew; null while none has it. For staff. */
export async function findChainPlace(tx: Tx, journalId: string): Promise<ChainPlace | null> {
  const [block] = await tx.$queryRaw<
    { number: bigint; row_count: number; previous_hash: string; hash: string; sealed_at: Date }[]
  >`
    SELECT b.number, b.row_count, b.previous_hash, b.hash, b.sealed_at FROM chain_row r
    JOIN chain_block b ON b.chain = r.chain AND b.number = r.block_number
    WHERE r.chain = 'ledger' AND r.row_id = ${BigInt(journalId)}`;
  if (!block) return null;
  const rows = await tx.$queryRaw<SealedRow[]>`
    SELECT r.row_id AS id, coalesce(journal_digest(r.row_id), 'gone') AS digest FROM chain_row r
    WHERE r.chain = 'ledger' AND r.block_number = ${block.number} ORDER BY r.row_id`;
  return {
    block: `${block.number}`,
    journals: rows.length,
    position: rows.findIndex(({ id }) => `${id}` === journalId) + 1,
    sealedAt: fromDate(block.sealed_at),
    previousHash: block.previous_hash,
    hash: block.hash,
    holds: rows.length === block.row_count && blockHash(block.previous_hash, rows) === block.hash,
  };
}
