import { apiChange } from '#app/_edge/api.ts';
import { emptyBody } from '#lib/api/schemas.ts';
import { withdrawTransfer } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, emptyBody, (ctx, _, idempotencyKey) =>
    withdrawTransfer(ctx, { reservationId, idempotencyKey }),
  );
}
