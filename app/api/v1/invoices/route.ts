import type { z } from 'zod';
import { apiAnswer } from '#app/_edge/api.ts';
import { programSlice } from '#app/_edge/origin.ts';
import type { invoicesDto } from '#lib/api/origin-schemas.ts';
import { toInvoiceJson } from '#lib/billing/explain/json.ts';
import { listInvoices } from '#lib/billing/invoices.ts';
import { accept } from '#lib/core/result.ts';

export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  return apiAnswer(async (ctx) => {
    const { rows, total } = await listInvoices(ctx, { month: query.get('month') ?? undefined }, programSlice(query));
    return accept({ rows: rows.map(toInvoiceJson), total } satisfies z.infer<typeof invoicesDto>);
  });
}
