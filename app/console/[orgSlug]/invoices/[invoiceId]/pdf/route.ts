import { memberPage } from '#app/_edge/access.ts';
import { pdfResponse } from '#app/_edge/download.ts';
import { findInvoicePdf } from '#lib/billing/invoices.ts';

type Props = { params: Promise<{ orgSlug: string; invoiceId: string }> };

/** An own invoice as PDF. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { orgSlug, invoiceId } = await params;
  return pdfResponse(await findInvoicePdf(await memberPage(orgSlug, 'invoice:read'), invoiceId));
}
