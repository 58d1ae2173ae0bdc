import { apiAnswer } from '#app/_edge/api.ts';
import { toSkuDto } from '#lib/api/dto.ts';
import { listSkus } from '#lib/catalog/service.ts';
import { accept } from '#lib/core/result.ts';

export async function GET(): Promise<Response> {
  return apiAnswer(async (ctx) => accept({ skus: (await listSkus(ctx)).flatMap((sku) => toSkuDto(sku) ?? []) }));
}
