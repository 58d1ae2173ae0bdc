import { apiAnswer } from '#app/_edge/api.ts';
import { toExplainDto } from '#lib/api/explain-dto.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { explain } from '#lib/reservations/explain.ts';

export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  return apiAnswer(async (ctx) => {
    const found = await explain(ctx, id);
    return found ? accept(toExplainDto(found)) : refuse({ code: 'reservationUnknown' });
  });
}
