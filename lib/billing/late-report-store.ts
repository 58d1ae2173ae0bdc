import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { LateEvidence } from './late-evidence-types.ts';
import { LATE_OUTCOMES, type LateOutcome, type LateReportView } from './late-report-types.ts';

export type WaitingReport = LateEvidence & {
  readonly id: bigint;
  readonly reportedAt: Instant;
  readonly attempts: number;
};

/** The reports that are due, the longest waiting first. */
export async function readDueReports(tx: Tx, now: Instant, take: number): Promise<WaitingReport[]> {
  const rows = await tx.lateReport.findMany({
    where: { outcome: null, nextAt: { lte: toDate(now) } },
    orderBy: [{ nextAt: 'asc' }, { id: 'asc' }],
    take,
    select: {
      id: true,
      allocationId: true,
      startAt: true,
      endAt: true,
      isProven: true,
      reason: true,
      reportedAt: true,
      attempts: true,
    },
  });
  return rows.map((row) => ({
    ...row,
    startAt: fromDate(row.startAt),
    endAt: fromDate(row.endAt),
    reportedAt: fromDate(row.reportedAt),
  }));
}

/** Ends a report; nothing when somebody else has ended it before. */
export async function writeOutcome(tx: Tx, id: bigint, outcome: LateOutcome, at: Instant): Promise<void> {
  const data = { outcome, takenAt: toDate(at), nextAt: null, attempts: { increment: 1 } };
  await tx.lateReport.updateMany({ where: { id, outcome: null }, data });
}

/** Puts a report off. */
export async function writeNext(tx: Tx, id: bigint, nextAt: Instant): Promise<void> {
  const data = { nextAt: toDate(nextAt), attempts: { increment: 1 } };
  await tx.lateReport.updateMany({ where: { id, outcome: null }, data });
}

/** A page of late reports, newest first, and how many there are. */
export async function readReports(
  tx: Tx,
  { skip, take }: { readonly skip: number; readonly take: number },
): Promise<{ rows: LateReportView[]; total: number }> {
  const rows = await tx.$queryRaw<
    {
      id: bigint;
      allocation_id: string;
      organisation_id: string;
      name: string;
      start_at: Date;
      end_at: Date;
      is_proven: boolean;
      reported_at: Date;
      outcome: string | null;
    }[]
  >`
    SELECT l.id, l.allocation_id, l.organisation_id, o.name, l.start_at, l.end_at, l.is_proven, l.reported_at, l.outcome
    FROM late_report l JOIN organisation o ON o.id = l.organisation_id ORDER BY l.id DESC OFFSET ${skip} LIMIT ${take}`;
  return {
    total: await tx.lateReport.count(),
    rows: rows.map((row) => ({
      id: `${row.id}`,
      allocationId: row.allocation_id,
      organisationId: idFrom('organisation', row.organisation_id),
      organisationName: row.name,
      startAt: fromDate(row.start_at),
      endAt: fromDate(row.end_at),
      isProven: row.is_proven,
      reportedAt: fromDate(row.reported_at),
      outcome: row.outcome === null ? null : oneOf(LATE_OUTCOMES, row.outcome),
    })),
  };
}
