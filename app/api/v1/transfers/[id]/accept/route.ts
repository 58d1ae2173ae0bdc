import { apiChange } from '#app/_edge/api.ts';
import { acceptBody } from '#lib/api/schemas.ts';
import { acceptTransfer } from '#lib/reservations/service.ts';

export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, acceptBody, (ctx, { expectedUnits }, idempotencyKey) =>
    acceptTransfer(ctx, { reservationId, quotedUnits: expectedUnits, idempotencyKey }),
  );
}
