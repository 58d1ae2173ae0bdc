import { apiAnswer } from '#app/_edge/api.ts';
import { toReservationDto } from '#lib/api/dto.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { findReservation } from '#lib/reservations/service.ts';

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  return apiAnswer(async (ctx) => {
    const found = await findReservation(ctx, id);
    return found ? accept(toReservationDto(found)) : refuse({ code: 'reservationUnknown' });
  });
}
