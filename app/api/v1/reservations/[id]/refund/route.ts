import { apiAnswer, apiChange } from '#app/_edge/api.ts';
import { emptyBody } from '#lib/api/schemas.ts';
import { previewRefund } from '#lib/billing/preview-refund.ts';
import { toIso } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { refund } from '#lib/reservations/service.ts';

type Params = { params: Promise<{ id: string }> };

export async function GET(_: Request, { params }: Params): Promise<Response> {
  const { id: reservationId } = await params;
  return apiAnswer(async (ctx) => {
    const found = await previewRefund(ctx, { reservationId });
    if (!found.ok) return found;
    const { untilAt, windowDays, vouchers, ...amounts } = found.value;
    return accept({
      untilAt: toIso(untilAt),
      windowDays,
      paidUnits: `${amounts.paidUnits}`,
      chargedUnits: `${amounts.chargedUnits}`,
      givenUnits: `${amounts.givenUnits}`,
      backUnits: `${amounts.backUnits}`,
      walletUnits: `${amounts.walletUnits}`,
      vouchers: vouchers.map(({ grant, amount }) => ({ id: grant, amountUnits: `${amount}` })),
    });
  });
}

export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { id: reservationId } = await params;
  return apiChange(request, emptyBody, (ctx, _, idempotencyKey) => refund(ctx, { reservationId, idempotencyKey }));
}
