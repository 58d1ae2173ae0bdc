import { apiSubmit } from '#app/_edge/api.ts';
import { toQuoteDto } from '#lib/api/dto.ts';
import { quoteBody } from '#lib/api/schemas.ts';
import { createQuote } from '#lib/catalog/service.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { voucherUnits } from '#lib/vouchers/burn.ts';
import { previewPayment } from '#lib/vouchers/own.ts';

export async function POST(request: Request): Promise<Response> {
  return apiSubmit(request, quoteBody, async (ctx, { startAt, ...wish }) => {
    const quote = await createQuote(ctx, { ...wish, startAt: startAt === null ? null : parseInstant(startAt) });
    if (!quote.ok) return quote;
    const { sku, totalUnits } = quote.value;
    return accept(toQuoteDto(quote.value, voucherUnits(await previewPayment(ctx, sku, totalUnits))));
  });
}
