import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { Batch } from './types.ts';

/**
 * Makes a batch of what waits to be issued, oldest first, and answers how many. What another batch takes at the same
 * moment, or its customer withdraws, is left to them.
 */
export async function insertBatch(
  tx: Tx,
  id: Id<'fapiaoBatch'>,
  made: { readonly by: string; readonly at: Instant },
  rowsMax: number,
): Promise<number> {
  const { by, at } = made;
  const userId = by.replace(/^user:/, '');
  const maker = await tx.user.findUnique({ where: { id: userId }, select: { name: true } });
  await tx.fapiaoBatch.create({
    data: { id, madeAt: toDate(at), madeBy: by, issuerName: maker?.name ?? by },
    select: { id: true },
  });
  return tx.$executeRaw`
    UPDATE fapiao SET state = 'issuing', batch_id = ${id}, changed_at = ${toDate(at)}, changed_by = ${by}, changed_note = ''
    WHERE id IN (SELECT id FROM fapiao WHERE kind = 'blue' AND state = 'requested' OR kind = 'red' AND state = 'confirmed'
      ORDER BY requested_at, sales_number LIMIT ${rowsMax} FOR UPDATE SKIP LOCKED)`;
}

type BatchRow = { id: string; made_at: Date; issuer_name: string; count: number; waiting: number };

const fromBatchRow = (row: BatchRow): Batch => ({
  id: idFrom('fapiaoBatch', row.id),
  madeAt: fromDate(row.made_at),
  issuerName: row.issuer_name,
  count: row.count,
  waiting: row.waiting,
});

/** The newest batches; of those of one moment, the ones that wait for results first. */
export async function readBatches(tx: Tx, take: number): Promise<Batch[]> {
  const rows = await tx.$queryRaw<BatchRow[]>`
    SELECT b.id, b.made_at, b.issuer_name, count(f.id)::int AS count, count(f.id) FILTER (WHERE f.state = 'issuing')::int AS waiting
    FROM fapiao_batch b LEFT JOIN fapiao f ON f.batch_id = b.id GROUP BY b.id ORDER BY b.made_at DESC, waiting DESC, b.id DESC LIMIT ${take}`;
  return rows.map(fromBatchRow);
}

/** One batch; null when there is none of that id. */
export async function findBatch(tx: Tx, id: string): Promise<Batch | null> {
  const rows = await tx.$queryRaw<BatchRow[]>`
    SELECT b.id, b.made_at, b.issuer_name, count(f.id)::int AS count, count(f.id) FILTER (WHERE f.state = 'issuing')::int AS waiting
    FROM fapiao_batch b LEFT JOIN fapiao f ON f.batch_id = b.id WHERE b.id = ${id} GROUP BY b.id`;
  return rows[0] ? fromBatchRow(rows[0]) : null;
}

/** How many wait to be handed over, for their red letter, and for their result. */
export async function readQueueCounts(tx: Tx): Promise<{ waiting: number; unconfirmed: number; issuing: number }> {
  const [row] = await tx.$queryRaw<{ waiting: number; unconfirmed: number; issuing: number }[]>`
    SELECT count(*) FILTER (WHERE kind = 'blue' AND state = 'requested' OR state = 'confirmed')::int AS waiting,
      count(*) FILTER (WHERE kind = 'red' AND state = 'requested')::int AS unconfirmed,
      count(*) FILTER (WHERE state = 'issuing')::int AS issuing
    FROM fapiao WHERE state IN ('requested', 'confirmed', 'issuing')`;
  return row ?? { waiting: 0, unconfirmed: 0, issuing: 0 };
}

/** The 20-digit numbers of issued fapiao by their ids. */
export async function readNumbersOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.fapiao.findMany({ where: { id: { in: [...ids] } }, select: { id: true, number: true } });
  return new Map(rows.map(({ id, number }) => [id, number ?? '']));
}
