import { apiChange } from '#app/_edge/api.ts';
import { autoExtendBody } from '#lib/api/schemas.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { setAutoExtend } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, autoExtendBody, (ctx, { rule }, idempotencyKey) => {
    const untilAt = typeof rule?.untilAt === 'string' ? parseInstant(rule.untilAt) : null;
    return setAutoExtend(ctx, { reservationId, rule: rule && { ...rule, untilAt }, idempotencyKey });
  });
}
