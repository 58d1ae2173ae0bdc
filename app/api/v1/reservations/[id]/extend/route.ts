import { apiChange } from '#app/_edge/api.ts';
import { extendBody } from '#lib/api/schemas.ts';
import { extend } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, extendBody, (ctx, { seconds, expectedUnits }, idempotencyKey) =>
    extend(ctx, { reservationId, seconds, quotedUnits: expectedUnits, idempotencyKey }),
  );
}
