import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { type ExportKind, type FileOf, type FileSeal, type KeptFile, parseExportKind } from './export-kinds.ts';

/** Keeps the seal of a file, unless one is kept already; the first stays. */
export async function insertSeal(
  tx: Tx,
  { organisationId, month }: FileOf,
  kind: ExportKind,
  seal: FileSeal,
  made: { readonly at: Instant; readonly by: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO export_file (organisation_id, month, kind, rows, bytes, sha256, totals, made_at, made_by)
    VALUES (${organisationId}, ${month}, ${kind}, ${seal.rows}, ${seal.bytes}, ${seal.sha256},
      ${JSON.stringify(seal.totals)}::jsonb, ${toDate(made.at)}::timestamptz, ${made.by})
    ON CONFLICT DO NOTHING`;
}

/** The seals that are kept of a month's files since its last close, of one organisation or with null of everybody. */
export async function readSeals(tx: Tx, { organisationId, month }: FileOf): Promise<KeptFile[]> {
  const whose = organisationId === null ? Prisma.sql`IS NULL` : Prisma.sql`= ${organisationId}`;
  const rows = await tx.$queryRaw<
    { kind: string; rows: bigint; bytes: bigint; sha256: string; totals: Record<string, string>; made_at: Date }[]
  >`SELECT kind, rows, bytes, sha256, totals, made_at FROM export_file WHERE month = ${month} AND organisation_id ${whose}
    AND edition = month_edition(${month}) ORDER BY id`;
  return rows.flatMap((row): KeptFile[] => {
    const kind = parseExportKind(row.kind);
    const { sha256, totals } = row;
    const size = { rows: Number(row.rows), bytes: Number(row.bytes) };
    return kind === null ? [] : [{ kind, ...size, sha256, totals, madeAt: fromDate(row.made_at) }];
  });
}
