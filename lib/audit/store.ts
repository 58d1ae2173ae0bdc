import 'server-only';
import type { Scope } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { AuditEvent, AuditFilter } from './types.ts';

type NewEvent = {
  readonly at: Instant;
  readonly actor: string;
  readonly organisationId: string | null;
  readonly action: string;
  readonly target: string;
  readonly data: object;
  readonly requestId: string;
};

/** Appends one event. The database accepts no change of it afterwards. */
export async function insertEvent(tx: Tx, event: NewEvent): Promise<void> {
  await tx.auditEvent.createMany({ data: [{ ...event, at: toDate(event.at) }] });
}

const SELECT = {
  id: true,
  at: true,
  actor: true,
  organisationId: true,
  action: true,
  target: true,
  data: true,
  requestId: true,
} as const;

/** The newest events first, of the scope's organisation or, for staff, of all. */
export async function selectEvents(
  tx: Tx,
  scope: Scope,
  filter: AuditFilter & { limit: number },
): Promise<AuditEvent[]> {
  const rows = await tx.auditEvent.findMany({
    select: SELECT,
    where: {
      ...(scope.kind === 'organisation' && { organisationId: scope.organisationId }),
      ...(filter.action !== undefined && { action: filter.action }),
      ...(filter.target !== undefined && { target: filter.target }),
      ...(filter.actor !== undefined && { actor: filter.actor }),
      ...(filter.beforeId !== undefined && { id: { lt: BigInt(filter.beforeId) } }),
    },
    orderBy: { id: 'desc' },
    take: filter.limit,
  });
  return rows.map((row) => ({
    ...row,
    id: row.id.toString(),
    at: fromDate(row.at),
    organisationId: row.organisationId === null ? null : idFrom('organisation', row.organisationId),
  }));
}
