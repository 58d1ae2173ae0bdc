import { apiAnswer, apiChange } from '#app/_edge/api.ts';
import { toJobDto } from '#lib/api/job-dto.ts';
import { emptyBody } from '#lib/api/schemas.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { cancelJob, findJob } from '#lib/reservations/queue/service.ts';

type Params = { readonly params: Promise<{ id: string }> };

export async function GET(_: Request, { params }: Params): Promise<Response> {
  const { id } = await params;
  return apiAnswer(async (ctx) => {
    const found = await findJob(ctx, id);
    return found ? accept(toJobDto(found)) : refuse({ code: 'jobUnknown' });
  });
}

export async function DELETE(request: Request, { params }: Params): Promise<Response> {
  const { id: jobId } = await params;
  return apiChange(request, emptyBody, (ctx, _, idempotencyKey) => cancelJob(ctx, { jobId, idempotencyKey }));
}
