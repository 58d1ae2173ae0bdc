import { apiAnswer, apiChange } from '#app/_edge/api.ts';
import { boundedNumber } from '#app/_edge/paging.ts';
import { toJobDto, toJobWish } from '#lib/api/job-dto.ts';
import { jobBody } from '#lib/api/job-schemas.ts';
import { accept } from '#lib/core/result.ts';
import { listJobs, queueJob } from '#lib/reservations/queue/service.ts';

export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const page = {
    skip: boundedNumber(query.get('skip'), 0, 1_000_000, 0),
    take: boundedNumber(query.get('take'), 1, 100, 50),
  };
  return apiAnswer(async (ctx) => {
    const { rows, total } = await listJobs(ctx, {}, page);
    return accept({ rows: rows.map(toJobDto), total });
  });
}

export async function POST(request: Request): Promise<Response> {
  return apiChange(request, jobBody, (ctx, input, idempotencyKey) =>
    queueJob(ctx, { ...toJobWish(input), idempotencyKey }),
  );
}
