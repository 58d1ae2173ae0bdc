import type { z } from 'zod';
import { apiAnswer } from '#app/_edge/api.ts';
import { boundedNumber } from '#app/_edge/paging.ts';
import type { chargeDto } from '#lib/api/origin-schemas.ts';
import { explainCharge } from '#lib/billing/explain/charges.ts';
import { toWholeChargeJson } from '#lib/billing/explain/json.ts';
import { accept, refuse } from '#lib/core/result.ts';

type Props = { params: Promise<{ allocationId: string; hour: string }> };

export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { allocationId, hour } = await params;
  const revision = boundedNumber(new URL(request.url).searchParams.get('revision'), 0, 9_999, 0);
  return apiAnswer(async (ctx) => {
    const found = await explainCharge(ctx, { allocationId, hour: hour.replaceAll('%3A', ':'), revision });
    if (found === null) return refuse({ code: 'chargeUnknown' });
    return accept(toWholeChargeJson(found) satisfies z.infer<typeof chargeDto>);
  });
}
