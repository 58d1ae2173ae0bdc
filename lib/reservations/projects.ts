import 'server-only';
import { z } from 'zod';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Id, idFrom, parseId } from '#lib/core/id.ts';
import type { Units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import { insertProject, readProjects, writeProject } from './project-store.ts';
import type { ProjectView } from './project-types.ts';

const PROJECTS_MAX = 100;
export const PROJECT_QUOTA_MAX = 10_000;

export const projectName = z.string().trim().min(1).max(60);

export type ProjectRefusal =
  | { readonly code: 'projectUnknown' }
  | { readonly code: 'projectNameTaken' }
  | { readonly code: 'projectsTooMany'; readonly projectsMax: number };

export type ProjectInput = {
  readonly name: string;
  readonly cardQuota: number | null;
  readonly monthlySpendingLimitUnits: Units | null;
};
type Saved = Result<{ readonly projectId: Id<'project'> }, ProjectRefusal>;

/** The projects of the actor's organisation, open ones first. */
export async function listProjects(ctx: Ctx): Promise<ProjectView[]> {
  const organisationId = authorizeTenant(ctx, 'project:read');
  return withTx(ctx, (tx) => readProjects(tx, organisationId));
}

const auditable = ({ name, cardQuota, monthlySpendingLimitUnits: limit }: ProjectInput) => ({
  name,
  cardQuota,
  monthlySpendingLimitUnits: limit === null ? null : `${limit}`,
});

/** Adds a project. Names are unique in an organisation. */
export async function createProject(ctx: Ctx, input: ProjectInput): Promise<Saved> {
  const organisationId = authorizeTenant(ctx, 'project:manage');
  return withTx(ctx, async (tx): Promise<Saved> => {
    const projects = await readProjects(tx, organisationId);
    if (projects.some(({ name }) => name === input.name)) return refuse({ code: 'projectNameTaken' });
    if (projects.length >= PROJECTS_MAX) return refuse({ code: 'projectsTooMany', projectsMax: PROJECTS_MAX });
    const project = { ...input, id: newId('project', ctx.now), isClosed: false };
    await insertProject(tx, organisationId, project, { actor: actorLabel(ctx.actor), at: ctx.now });
    await record(ctx, tx, 'project.created', project.id, auditable(input));
    return accept({ projectId: project.id });
  });
}

/** Changes a project's name, quota and limit, closes it or opens it again. Jobs of a closed one wait. */
export async function changeProject(
  ctx: Ctx,
  { projectId, ...input }: ProjectInput & { readonly projectId: string; readonly isClosed: boolean },
): Promise<Saved> {
  const organisationId = authorizeTenant(ctx, 'project:manage');
  if (parseId('project', projectId) === null) return refuse({ code: 'projectUnknown' });
  const id = idFrom('project', projectId);
  return withTx(ctx, async (tx): Promise<Saved> => {
    const projects = await readProjects(tx, organisationId);
    if (projects.some((other) => other.id !== id && other.name === input.name))
      return refuse({ code: 'projectNameTaken' });
    if (!(await writeProject(tx, organisationId, { ...input, id }))) return refuse({ code: 'projectUnknown' });
    await record(ctx, tx, 'project.changed', id, { ...auditable(input), isClosed: input.isClosed });
    await notify(tx, 'kashi_command', ['limits']);
    return accept({ projectId: id });
  });
}
