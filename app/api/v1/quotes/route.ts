import { apiSubmit } from '#app/_edge/api.ts';
import { toQuoteDto } from '#lib/api/dto.ts';
import { quoteBody } from '#lib/api/schemas.ts';
import { createQuote } from '#lib/catalog/service.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';

export async function POST(request: Request): Promise<Response> {
  return apiSubmit(request, quoteBody, async (ctx, { startAt, ...wish }) => {
    const quote = await createQuote(ctx, { ...wish, startAt: startAt === null ? null : parseInstant(startAt) });
    return quote.ok ? accept(toQuoteDto(quote.value)) : quote;
  });
}
