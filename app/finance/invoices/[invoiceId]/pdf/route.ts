import { staffPage } from '#app/_edge/access.ts';
import { pdfResponse } from '#app/_edge/download.ts';
import { findInvoicePdf } from '#lib/billing/invoices.ts';

type Props = { params: Promise<{ invoiceId: string }> };

/** Anybody's invoice as PDF, for finance. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { invoiceId } = await params;
  return pdfResponse(await findInvoicePdf(await staffPage('invoice:read'), invoiceId));
}
