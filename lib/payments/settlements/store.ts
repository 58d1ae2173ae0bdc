import 'server-only';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { type Fen, fen } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import {
  type JudgedSettlement,
  type Provider,
  PROVIDERS,
  SETTLEMENT_KINDS,
  type SettlementFile,
  type SettlementRow,
  type SettlementSums,
  type Verdict,
  VERDICTS,
} from './types.ts';

const oneOf = <T extends string>(list: readonly T[], text: string): T =>
  present(
    list.find((each) => each === text),
    text,
  );

type NewFile = Omit<SettlementFile, 'importedByName'> & { readonly importedBy: string };

/** Keeps a file; false when it was taken before. */
export async function insertFile(tx: Tx, { fromAt, untilAt, importedAt, ...file }: NewFile): Promise<boolean> {
  const data = { ...file, fromAt: toDate(fromAt), untilAt: toDate(untilAt), importedAt: toDate(importedAt) };
  return (await tx.settlementFile.createMany({ data: [data], skipDuplicates: true })).count === 1;
}

export async function insertRows(tx: Tx, fileId: string, rows: readonly SettlementRow[]): Promise<void> {
  await tx.settlementRow.createMany({ data: rows.map(({ at, ...row }) => ({ ...row, fileId, at: toDate(at) })) });
}

/** A transaction of a file that an earlier file of the provider tells otherwise; null when they agree. */
export async function findChanged(tx: Tx, provider: Provider, fileId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT n.transaction_id AS id FROM settlement_row n JOIN settlement_row o USING (transaction_id)
      JOIN settlement_file f ON f.id = o.file_id AND f.provider = ${provider}
    WHERE n.file_id = ${fileId} AND o.file_id <> n.file_id
      AND (o.kind, o.gross_fen, o.fee_fen, o.net_fen) IS DISTINCT FROM (n.kind, n.gross_fen, n.fee_fen, n.net_fen) LIMIT 1`;
  return row?.id ?? null;
}

type FileRow = {
  id: string;
  provider: string;
  name: string;
  sha256: string;
  from_at: Date;
  until_at: Date;
  rows: number;
  by_name: string;
  imported_at: Date;
};

const fileOf = (row: FileRow): SettlementFile => ({
  id: idFrom('settlementFile', row.id),
  provider: oneOf(PROVIDERS, row.provider),
  name: row.name,
  sha256: row.sha256,
  fromAt: fromDate(row.from_at),
  untilAt: fromDate(row.until_at),
  rows: row.rows,
  importedByName: row.by_name,
  importedAt: fromDate(row.imported_at),
});

/** Files that were taken, newest first; one of them where its id is named. */
export async function readFiles(tx: Tx, id: string | null, take: number): Promise<SettlementFile[]> {
  const rows = await tx.$queryRaw<FileRow[]>`
    SELECT f.id, f.provider, f.name, f.sha256, f.from_at, f.until_at, f.rows, coalesce(u.name, f.imported_by) AS by_name, f.imported_at
    FROM settlement_file f LEFT JOIN user_account u ON f.imported_by = 'user:' || u.id
    WHERE ${id}::text IS NULL OR f.id = ${id} ORDER BY f.imported_at DESC, f.id DESC LIMIT ${take}`;
  return rows.map(fileOf);
}

/**
 * A file's transactions against our payments and refunds, and ours of its time against all files of the provider. A
 * payment agrees when it was settled with the gross, a refund when it was paid with it.
 */
const judged = ({ id, provider, fromAt, untilAt }: SettlementFile): Prisma.Sql => Prisma.sql`
  SELECT CASE WHEN r.kind NOT IN ('payment', 'refund') THEN 'noted'
      WHEN p.id IS NULL AND f.id IS NULL THEN 'missingHere'
      WHEN r.kind = 'payment' AND p.method = ${provider} AND p.settled_fen = r.gross_fen THEN 'matched'
      WHEN r.kind = 'refund' AND f.route = ${provider} AND f.state = 'paid' AND f.amount_fen = -r.gross_fen THEN 'matched'
      ELSE 'differs' END AS verdict,
    r.kind, r.transaction_id, r.row, r.our_id, r.gross_fen AS theirs, r.fee_fen AS fee, r.at,
    CASE WHEN p.id IS NOT NULL THEN p.settled_fen WHEN f.state = 'paid' THEN -f.amount_fen END AS ours
  FROM settlement_row r
    LEFT JOIN payment p ON p.id = r.our_id AND r.kind = 'payment' LEFT JOIN refund_request f ON f.id = r.our_id AND r.kind = 'refund'
  WHERE r.file_id = ${id}
  UNION ALL
  SELECT 'missingThere', o.kind, NULL, NULL, o.id, NULL, NULL, o.at, o.fen FROM (
    SELECT id, 'payment' AS kind, settled_fen AS fen, settled_at AS at FROM payment WHERE method = ${provider} AND settled_fen IS NOT NULL
    UNION ALL
    SELECT id, 'refund', -amount_fen, ended_at FROM refund_request WHERE route = ${provider} AND state = 'paid') o
  WHERE o.at >= ${toDate(fromAt)}::timestamptz AND o.at <= ${toDate(untilAt)}::timestamptz
    AND NOT EXISTS (SELECT FROM settlement_row r JOIN settlement_file s ON s.id = r.file_id
      WHERE r.our_id = o.id AND r.kind = o.kind AND s.provider = ${provider})`;

/** How many of each verdict a file has, and what its transactions come to. */
export async function readSums(tx: Tx, file: SettlementFile): Promise<SettlementSums> {
  const rows = await tx.$queryRaw<{ verdict: string; count: number; gross: bigint; fee: bigint }[]>`
    SELECT verdict, count(*)::int AS count, coalesce(sum(theirs), 0)::bigint AS gross, coalesce(sum(fee), 0)::bigint AS fee
    FROM (${judged(file)}) j GROUP BY verdict`;
  const sum = (of: 'gross' | 'fee'): Fen => fen(rows.reduce((total, row) => total + row[of], 0n));
  return {
    counts: new Map(rows.map(({ verdict, count }) => [oneOf(VERDICTS, verdict), count])),
    grossFen: sum('gross'),
    feeFen: sum('fee'),
    netFen: fen(sum('gross') - sum('fee')),
  };
}

const fenOrNull = (value: bigint | null): Fen | null => (value === null ? null : fen(value));

/** A page of a file's transactions and of what it lacks: what differs first, in the order of the verdicts, then by time. */
export async function readJudged(
  tx: Tx,
  file: SettlementFile,
  { verdict, skip, take }: { readonly verdict: Verdict | null; readonly skip: number; readonly take: number },
): Promise<JudgedSettlement[]> {
  const rows = await tx.$queryRaw<
    {
      verdict: string;
      kind: string;
      transaction_id: string | null;
      row: number | null;
      our_id: string | null;
      theirs: bigint | null;
      fee: bigint | null;
      at: Date;
      ours: bigint | null;
    }[]
  >`
    SELECT * FROM (${judged(file)}) j WHERE ${verdict}::text IS NULL OR verdict = ${verdict}
    ORDER BY array_position(${[...VERDICTS]}::text[], verdict), at, coalesce(transaction_id, our_id) COLLATE "C" OFFSET ${skip} LIMIT ${take}`;
  return rows.map((each) => ({
    verdict: oneOf(VERDICTS, each.verdict),
    kind: oneOf(SETTLEMENT_KINDS, each.kind),
    transactionId: each.transaction_id,
    row: each.row,
    ourId: each.our_id,
    theirsFen: fenOrNull(each.theirs),
    oursFen: fenOrNull(each.ours),
    feeFen: fenOrNull(each.fee),
    at: fromDate(each.at),
  }));
}
