import { apiChange } from '#app/_edge/api.ts';
import { shrinkBody } from '#lib/api/schemas.ts';
import { shrink } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, shrinkBody, (ctx, { cards, cardIds }, idempotencyKey) =>
    shrink(ctx, { reservationId, cards, cardIds, idempotencyKey }),
  );
}
