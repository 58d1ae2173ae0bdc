import { apiChange } from '#app/_edge/api.ts';
import { transferBody } from '#lib/api/schemas.ts';
import { offerTransfer } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, transferBody, (ctx, { to }, idempotencyKey) =>
    offerTransfer(ctx, { reservationId, toSlug: to, idempotencyKey }),
  );
}
