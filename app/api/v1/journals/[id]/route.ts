import type { z } from 'zod';
import { apiAnswer } from '#app/_edge/api.ts';
import { programSlice } from '#app/_edge/origin.ts';
import type { journalDto } from '#lib/api/origin-schemas.ts';
import { explainJournal, listJournalCharges } from '#lib/billing/explain/journals.ts';
import { toJournalJson } from '#lib/billing/explain/json.ts';
import { accept, refuse } from '#lib/core/result.ts';

export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  const page = programSlice(new URL(request.url).searchParams);
  return apiAnswer(async (ctx) => {
    const found = await explainJournal(ctx, id);
    if (found === null) return refuse({ code: 'journalUnknown' });
    const charges = await listJournalCharges(ctx, id, page);
    return accept(toJournalJson(found, charges) satisfies z.infer<typeof journalDto>);
  });
}
