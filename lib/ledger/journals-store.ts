import 'server-only';
import { fromDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { organisationOf } from './books-store.ts';
import type { AccountKind, Asset, JournalKind } from './types.ts';
import type { JournalRow, JournalDetail, LegView } from './view-types.ts';

type RawJournal = {
  id: bigint;
  key: string;
  kind: string;
  organisation_id: string | null;
  organisation_name: string | null;
  effective_at: Date;
  posted_at: Date;
  amount: bigint;
};

function fromRawJournal(row: RawJournal): JournalRow {
  return {
    id: `${row.id}`,
    key: row.key,
    kind: row.kind as JournalKind,
    organisationName: row.organisation_name,
    effectiveAt: fromDate(row.effective_at),
    postedAt: fromDate(row.posted_at),
    amountUnits: row.amount,
  };
}

const COLUMNS = Prisma.sql`j.id, j.key, j.kind, j.organisation_id, o.name AS organisation_name, j.effective_at, j.posted_at,
  (SELECT coalesce(sum(p.debit_units), 0)::bigint FROM posting p WHERE p.journal_id = j.id AND p.asset = 'CNY/8') AS amount`;
const TABLES = Prisma.sql`journal j LEFT JOIN organisation o ON o.id = j.organisation_id`;

export type JournalFilter = { readonly kind: JournalKind | null; readonly olderThan: bigint | null };

/** Journals, newest first. */
export async function readJournals(tx: Tx, filter: JournalFilter, most: number): Promise<JournalRow[]> {
  const where = [
    Prisma.sql`true`,
    ...(filter.kind === null ? [] : [Prisma.sql`j.kind = ${filter.kind}`]),
    ...(filter.olderThan === null ? [] : [Prisma.sql`j.id < ${filter.olderThan}`]),
  ];
  const rows = await tx.$queryRaw<RawJournal[]>`
    SELECT ${COLUMNS} FROM ${TABLES} WHERE ${Prisma.join(where, ' AND ')} ORDER BY j.id DESC LIMIT ${most}`;
  return rows.map(fromRawJournal);
}

/** Journals whose key is or contains a text, or whose source names it; the exact key first, then newest first. */
export async function readJournalsNamed(tx: Tx, text: string, most: number): Promise<JournalRow[]> {
  const rows = await tx.$queryRaw<RawJournal[]>`
    SELECT ${COLUMNS} FROM ${TABLES}
    WHERE strpos(j.key, ${text}) > 0
      OR EXISTS (SELECT FROM jsonb_each_text(j.source) AS s WHERE s.value = ${text})
    ORDER BY j.key = ${text} DESC, j.id DESC LIMIT ${most}`;
  return rows.map(fromRawJournal);
}

/** The legs of a journal in their order. */
async function readLegs(tx: Tx, id: bigint): Promise<LegView[]> {
  const rows = await tx.$queryRaw<
    {
      leg: number;
      account_id: bigint;
      path: string;
      kind: string;
      organisation_name: string | null;
      asset: string;
      debit: bigint;
      credit: bigint;
    }[]
  >`
    SELECT p.leg, p.account_id, a.path, a.kind, o.name AS organisation_name, p.asset, p.debit_units AS debit, p.credit_units AS credit
    FROM posting p JOIN account a ON a.id = p.account_id LEFT JOIN organisation o ON o.id = a.organisation_id
    WHERE p.journal_id = ${id} ORDER BY p.leg`;
  return rows.map((row) => ({
    leg: row.leg,
    accountId: `${row.account_id}`,
    path: row.path,
    accountKind: row.kind as AccountKind,
    organisationName: row.organisation_name,
    asset: row.asset as Asset,
    debitUnits: row.debit,
    creditUnits: row.credit,
  }));
}

/** One journal with its legs, who posted it and which block sealed it. */
export async function readJournal(tx: Tx, id: bigint): Promise<JournalDetail | null> {
  const [row] = await tx.$queryRaw<
    (RawJournal & {
      actor: string;
      actor_name: string | null;
      source: Record<string, string | number>;
      content_hash: string;
      block: bigint | null;
    })[]
  >`
    SELECT ${COLUMNS}, j.actor, u.name AS actor_name, j.source, j.content_hash, r.block_number AS block
    FROM ${TABLES} LEFT JOIN user_account u ON j.actor = 'user:' || u.id
      LEFT JOIN chain_row r ON r.chain = 'ledger' AND r.row_id = j.id
    WHERE j.id = ${id}`;
  if (!row) return null;
  return {
    ...fromRawJournal(row),
    organisationId: organisationOf(row.organisation_id),
    actor: row.actor,
    actorName: row.actor_name,
    source: row.source,
    contentHash: row.content_hash,
    sealedIn: row.block === null ? null : `${row.block}`,
    legs: await readLegs(tx, id),
  };
}
