import { apiAnswer } from '#app/_edge/api.ts';
import { toIso } from '#lib/core/instant.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { findAvailability } from '#lib/reservations/service.ts';

export async function GET(request: Request): Promise<Response> {
  const poolId = new URL(request.url).searchParams.get('poolId') ?? '';
  return apiAnswer(async (ctx) => {
    const table = await findAvailability(ctx, poolId);
    if (!table) return refuse({ code: 'skuUnknown' });
    return accept({ poolId, ...table, publishedAt: toIso(table.publishedAt), fromHourAt: toIso(table.fromHourAt) });
  });
}
