import { apiAnswer } from '#app/_edge/api.ts';
import { getProjectFigures } from '#lib/billing/project-figures.ts';
import { accept } from '#lib/core/result.ts';
import { listProjects } from '#lib/reservations/projects.ts';

const textOrNull = (amount: bigint | null): string | null => (amount === null ? null : `${amount}`);

export async function GET(): Promise<Response> {
  return apiAnswer(async (ctx) => {
    const projects = await listProjects(ctx);
    const figuresOf = await getProjectFigures(ctx);
    const rows = projects.map(({ monthlySpendingLimitUnits, ...project }) => {
      const { cards, spentUnits, committedUnits } = figuresOf(project.id);
      return {
        ...project,
        monthlySpendingLimitUnits: textOrNull(monthlySpendingLimitUnits),
        cardsInUse: cards,
        spentUnits: `${spentUnits}`,
        committedUnits: `${committedUnits}`,
      };
    });
    return accept({ rows });
  });
}
