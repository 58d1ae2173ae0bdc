import { staffPage } from '#app/_edge/access.ts';
import { pdfResponse } from '#app/_edge/download.ts';
import { findCreditNotePdf } from '#lib/billing/credit-notes/reading.ts';

type Props = { params: Promise<{ noteId: string }> };

/** Anybody's issued credit note as PDF, for finance. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { noteId } = await params;
  return pdfResponse(await findCreditNotePdf(await staffPage('invoice:read'), noteId));
}
