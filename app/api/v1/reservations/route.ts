import { apiAnswer, apiChange } from '#app/_edge/api.ts';
import { boundedNumber } from '#app/_edge/paging.ts';
import { toReservationDto } from '#lib/api/dto.ts';
import { reserveBody } from '#lib/api/schemas.ts';
import { accept } from '#lib/core/result.ts';
import { listReservations, reserve } from '#lib/reservations/service.ts';

export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const page = {
    skip: boundedNumber(query.get('skip'), 0, 1_000_000, 0),
    take: boundedNumber(query.get('take'), 1, 100, 50),
  };
  return apiAnswer(async (ctx) => {
    const projectId = query.get('projectId');
    const { rows, total } = await listReservations(ctx, projectId ? { projectId } : {}, page);
    return accept({ rows: rows.map(toReservationDto), total });
  });
}

export async function POST(request: Request): Promise<Response> {
  return apiChange(request, reserveBody, (ctx, input, idempotencyKey) => reserve(ctx, { ...input, idempotencyKey }));
}
