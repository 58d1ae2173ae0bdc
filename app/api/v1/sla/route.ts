import { apiAnswer } from '#app/_edge/api.ts';
import { toSlaDto } from '#lib/api/sla-dto.ts';
import { accept } from '#lib/core/result.ts';
import { listPolicies } from '#lib/sla/policies.ts';

export async function GET(): Promise<Response> {
  return apiAnswer(async (ctx) => accept(toSlaDto(await listPolicies(ctx))));
}
