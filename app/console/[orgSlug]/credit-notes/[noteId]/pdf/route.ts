import { memberPage } from '#app/_edge/access.ts';
import { pdfResponse } from '#app/_edge/download.ts';
import { findCreditNotePdf } from '#lib/billing/credit-notes/reading.ts';

type Props = { params: Promise<{ orgSlug: string; noteId: string }> };

/** An own issued credit note as PDF. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { orgSlug, noteId } = await params;
  return pdfResponse(await findCreditNotePdf(await memberPage(orgSlug, 'invoice:read'), noteId));
}
