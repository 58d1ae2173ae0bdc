import type { z } from 'zod';
import { apiAnswer } from '#app/_edge/api.ts';
import { lineNumber, programSlice } from '#app/_edge/origin.ts';
import type { lineDto } from '#lib/api/origin-schemas.ts';
import { toLineJson, toPartsJson } from '#lib/billing/explain/json.ts';
import { daysOf, explainInvoiceLine, isWhole, listLinePart } from '#lib/billing/explain/lines.ts';
import { accept, refuse } from '#lib/core/result.ts';

type Props = { params: Promise<{ id: string; line: string }> };

export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { id, line } = await params;
  const query = new URL(request.url).searchParams;
  const part = { day: query.get('day'), reservationId: query.get('reservation'), hour: query.get('hour') };
  return apiAnswer(async (ctx) => {
    const wish = { invoiceId: id, line: lineNumber(line) };
    const [slice, found] = [programSlice(query), await explainInvoiceLine(ctx, wish)];
    const whole = found && isWhole(part) ? daysOf(found.days, slice) : null;
    const parts = whole ?? (await listLinePart(ctx, { ...wish, ...part }, slice));
    if (parts === null || found === null) return refuse({ code: 'invoiceLineUnknown' });
    return accept({ ...toLineJson(found), parts: toPartsJson(parts) } satisfies z.infer<typeof lineDto>);
  });
}
