import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readReservationNames } from '#lib/reservations/standing.ts';
import { fromWorkloadRow, WORKLOAD_COLUMNS } from './run-log.ts';
import {
  type Workload,
  type WorkloadCard,
  type WorkloadDetail,
  type WorkloadInput,
  type WorkloadState,
  type WorkloadView,
  WORKLOAD_CAN,
} from './types.ts';

/** Which workloads; without an organisation, everybody's (staff). */
export type WorkloadFilter = {
  readonly organisationId: Id<'organisation'> | null;
  readonly reservationId?: string | undefined;
  readonly states?: readonly WorkloadState[] | undefined;
};

const whereOf = ({ organisationId, reservationId, states }: WorkloadFilter) => ({
  ...(organisationId === null ? {} : { organisationId }),
  ...(reservationId === undefined ? {} : { reservationId }),
  ...(states === undefined ? {} : { state: { in: [...states] } }),
});

const VIEW = { ...WORKLOAD_COLUMNS, submittedBy: true } as const;

/** A page of workloads, newest first, and how many there are. */
export async function readWorkloads(
  tx: Tx,
  filter: WorkloadFilter,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: WorkloadView[]; total: number }> {
  const where = whereOf(filter);
  const total = await tx.workload.count({ where });
  const rows = await tx.workload.findMany({
    where,
    orderBy: [{ submittedAt: 'desc' }, { id: 'desc' }],
    ...page,
    select: VIEW,
  });
  const names = await readReservationNames(
    tx,
    rows.map(({ reservationId }) => reservationId),
  );
  return {
    total,
    rows: rows.map(({ submittedBy, ...row }) => ({
      ...fromWorkloadRow(row),
      submittedBy,
      reservationName: names.get(row.reservationId) ?? row.reservationId,
    })),
  };
}

/** One workload; null when the filter's organisation has none of that id. */
export async function readWorkload(tx: Tx, filter: WorkloadFilter, id: string): Promise<Workload | null> {
  const row = await tx.workload.findFirst({ where: { ...whereOf(filter), id }, select: WORKLOAD_COLUMNS });
  return row ? fromWorkloadRow(row) : null;
}

async function readCards(tx: Tx, cardIds: readonly string[]): Promise<WorkloadCard[]> {
  if (cardIds.length === 0) return [];
  return tx.$queryRaw<WorkloadCard[]>`
    SELECT c.id AS "cardId", p.path AS "serverPath", c.slot, c.uuid FROM card c JOIN place p ON p.id = c.server_id
    WHERE c.id = ANY(${[...cardIds]}::text[]) ORDER BY p.path, c.slot`;
}

/** One workload with its cards and its output; null when the filter's organisation has none of that id. */
export async function readWorkloadDetail(tx: Tx, filter: WorkloadFilter, id: string): Promise<WorkloadDetail | null> {
  const row = await tx.workload.findFirst({ where: { ...whereOf(filter), id }, select: { ...VIEW, log: true } });
  if (!row) return null;
  const { submittedBy, log, ...columns } = row;
  const names = await readReservationNames(tx, [row.reservationId]);
  return {
    ...fromWorkloadRow(columns),
    submittedBy,
    log,
    reservationName: names.get(row.reservationId) ?? row.reservationId,
    cardList: await readCards(tx, row.cardIds),
  };
}

/** Adds a workload; one of the same id stays as it is. */
export async function insertWorkload(
  tx: Tx,
  id: Id<'workload'>,
  organisationId: Id<'organisation'>,
  input: WorkloadInput,
  by: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  await tx.workload.createMany({
    data: [{ id, organisationId, ...input, state: 'submitted', submittedBy: by.actor, submittedAt: toDate(by.at) }],
    skipDuplicates: true,
  });
}

/** Notes that a workload is to be stopped; false when it is over. */
export async function writeCancelAsked(
  tx: Tx,
  organisationId: Id<'organisation'>,
  id: string,
  at: Instant,
): Promise<boolean> {
  const where = { id, organisationId, state: { in: [...WORKLOAD_CAN.cancel] } };
  await tx.workload.updateMany({ where: { ...where, cancelAskedAt: null }, data: { cancelAskedAt: toDate(at) } });
  return (await tx.workload.count({ where })) > 0;
}
