import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { ProjectView } from './project-types.ts';

/** The projects of an organisation, open ones first, by name. */
export async function readProjects(tx: Tx, organisationId: Id<'organisation'>): Promise<ProjectView[]> {
  const rows = await tx.project.findMany({
    where: { organisationId },
    orderBy: [{ isClosed: 'asc' }, { name: 'asc' }],
    select: { id: true, name: true, cardQuota: true, monthlySpendingLimitUnits: true, isClosed: true },
  });
  return rows.map((row) => ({
    ...row,
    id: idFrom('project', row.id),
    monthlySpendingLimitUnits: row.monthlySpendingLimitUnits === null ? null : units(row.monthlySpendingLimitUnits),
  }));
}

/** Adds a project. */
export async function insertProject(
  tx: Tx,
  organisationId: Id<'organisation'>,
  project: ProjectView,
  by: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  await tx.project.create({
    data: { ...project, organisationId, createdBy: by.actor, createdAt: toDate(by.at) },
  });
}

/** Writes what may change of a project; false when the organisation has none of that id. */
export async function writeProject(
  tx: Tx,
  organisationId: Id<'organisation'>,
  { id, ...columns }: ProjectView,
): Promise<boolean> {
  const { count } = await tx.project.updateMany({ where: { id, organisationId }, data: columns });
  return count === 1;
}
