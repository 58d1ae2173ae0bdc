import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { organisationOf } from './books-store.ts';
import { REVERSAL_STATES, type ReversalRequest } from './reversal-types.ts';
import type { JournalKind } from './types.ts';

/** The kind of a journal and whether it was reversed; null when there is none of that key. */
export async function findReversible(
  tx: Tx,
  key: string,
): Promise<{ kind: JournalKind; isReversed: boolean; isReversible: boolean } | null> {
  const [row] = await tx.$queryRaw<{ kind: string; is_reversed: boolean; is_reversible: boolean }[]>`
    SELECT j.kind, k.is_reversible, EXISTS (SELECT FROM journal r WHERE r.reverses_key = j.key) AS is_reversed
    FROM journal j JOIN journal_kind k ON k.kind = j.kind WHERE j.key = ${key}`;
  if (!row) return null;
  return { kind: row.kind as JournalKind, isReversed: row.is_reversed, isReversible: row.is_reversible };
}

/** Writes a proposal; false when the journal has one that waits or was approved. */
export async function insertRequest(
  tx: Tx,
  request: Pick<ReversalRequest, 'id' | 'journalKey' | 'reason' | 'proposedBy' | 'proposedAt'>,
): Promise<boolean> {
  const data = { ...request, state: 'proposed', proposedAt: toDate(request.proposedAt) };
  return (await tx.reversalRequest.createMany({ data: [data], skipDuplicates: true })).count === 1;
}

export async function writeDecision(
  tx: Tx,
  id: string,
  decision: { readonly state: 'approved' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  const { state, by, at } = decision;
  await tx.reversalRequest.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}

/** Holds a proposal until the end of the transaction. */
export async function lockRequest(tx: Tx, id: string): Promise<ReversalRequest | null> {
  await tx.$queryRaw`SELECT id FROM reversal_request WHERE id = ${id} FOR UPDATE`;
  return (await readRequests(tx, Prisma.sql`q.id = ${id}`, 1))[0] ?? null;
}

type Row = {
  id: string;
  journal_id: bigint;
  journal_key: string;
  kind: string;
  amount: bigint;
  organisation_id: string | null;
  organisation_name: string | null;
  reason: string;
  state: string;
  proposed_by: string;
  proposed_by_name: string;
  proposed_at: Date;
  decided_by_name: string | null;
  decided_at: Date | null;
  reversal_id: bigint | null;
};

/** Proposals that fit, what waits first, then the newest. */
export async function readRequests(tx: Tx, where: Prisma.Sql, take: number): Promise<ReversalRequest[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT q.id, j.id AS journal_id, q.journal_key, j.kind, j.organisation_id, o.name AS organisation_name, q.reason, q.state,
      (SELECT coalesce(sum(p.debit_units), 0)::bigint FROM posting p WHERE p.journal_id = j.id AND p.asset = 'CNY/8') AS amount,
      q.proposed_by, coalesce(a.name, q.proposed_by) AS proposed_by_name, q.proposed_at,
      coalesce(d.name, q.decided_by) AS decided_by_name, q.decided_at, r.id AS reversal_id
    FROM reversal_request q JOIN journal j ON j.key = q.journal_key LEFT JOIN journal r ON r.reverses_key = j.key
      LEFT JOIN organisation o ON o.id = j.organisation_id
      LEFT JOIN user_account a ON q.proposed_by = 'user:' || a.id LEFT JOIN user_account d ON q.decided_by = 'user:' || d.id
    WHERE ${where} ORDER BY q.state = 'proposed' DESC, q.proposed_at DESC, q.id DESC LIMIT ${take}`;
  return rows.map((row) => ({
    id: idFrom('reversalRequest', row.id),
    journalId: `${row.journal_id}`,
    journalKey: row.journal_key,
    journalKind: row.kind as JournalKind,
    amountUnits: row.amount,
    organisationId: organisationOf(row.organisation_id),
    organisationName: row.organisation_name,
    reason: row.reason,
    state: REVERSAL_STATES.find((state) => state === row.state) ?? 'declined',
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_by_name,
    proposedAt: fromDate(row.proposed_at),
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at === null ? null : fromDate(row.decided_at),
    reversalJournalId: row.reversal_id === null || row.state !== 'approved' ? null : `${row.reversal_id}`,
  }));
}
