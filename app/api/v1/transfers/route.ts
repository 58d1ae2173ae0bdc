import { apiAnswer } from '#app/_edge/api.ts';
import { toIso } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { listTransferOffers } from '#lib/reservations/transfers.ts';

export async function GET(): Promise<Response> {
  return apiAnswer(async (ctx) => {
    const offers = await listTransferOffers(ctx);
    const rows = offers.map(({ reservationId, fromName, name, skuId, cards, topology, interval, amountUnits }) => ({
      reservationId,
      from: fromName,
      name,
      skuId,
      cards,
      topology,
      startAt: toIso(interval.startAt),
      endAt: interval.endAt === null ? null : toIso(interval.endAt),
      amountUnits: `${amountUnits}`,
    }));
    return accept({ rows });
  });
}
