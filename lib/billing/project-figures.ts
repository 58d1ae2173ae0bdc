import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { monthInterval, monthOf } from '#lib/core/period.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { type ProjectFigures, readProjectFigures } from './project-figures-store.ts';

const NOTHING: ProjectFigures = { cards: 0, spentUnits: ZERO_UNITS, committedUnits: ZERO_UNITS };

/** The cards and the money, in this Shanghai month, of each project of the actor's organisation. */
export async function getProjectFigures(ctx: Ctx): Promise<(projectId: string) => ProjectFigures> {
  const organisationId = authorizeTenant(ctx, 'project:read');
  const month = monthInterval(monthOf(ctx.now));
  const figures = await withTx(ctx, (tx) => readProjectFigures(tx, organisationId, month));
  return (projectId) => figures.get(projectId) ?? NOTHING;
}
