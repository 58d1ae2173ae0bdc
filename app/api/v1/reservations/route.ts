import { apiAnswer, apiChange } from '#app/_edge/api.ts';
import { toReservationDto } from '#lib/api/dto.ts';
import { reserveBody } from '#lib/api/schemas.ts';
import { accept } from '#lib/core/result.ts';
import { listReservations, reserve } from '#lib/reservations/service.ts';

/** A whole number of a query within bounds; anything else is the default. */
function bounded(text: string | null, least: number, most: number, otherwise: number): number {
  const value = /^\d{1,9}$/.test(text ?? '') ? Number.parseInt(text ?? '', 10) : otherwise;
  return Math.min(most, Math.max(least, value));
}

export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const page = { skip: bounded(query.get('skip'), 0, 1_000_000, 0), take: bounded(query.get('take'), 1, 100, 50) };
  return apiAnswer(async (ctx) => {
    const projectId = query.get('projectId');
    const { rows, total } = await listReservations(ctx, projectId ? { projectId } : {}, page);
    return accept({ rows: rows.map(toReservationDto), total });
  });
}

export async function POST(request: Request): Promise<Response> {
  return apiChange(request, reserveBody, (ctx, input, idempotencyKey) => reserve(ctx, { ...input, idempotencyKey }));
}
