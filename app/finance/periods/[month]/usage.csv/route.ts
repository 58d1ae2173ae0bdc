import { staffPage } from '#app/_edge/access.ts';
import { fileResponse } from '#app/_edge/download.ts';
import { exportFile } from '#lib/billing/exports.ts';

type Props = { params: Promise<{ month: string }> };

/** A month's usage as CSV for finance: everybody's, or with `?organisation=org_…` one customer's. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { month } = await params;
  const organisationId = new URL(request.url).searchParams.get('organisation');
  return fileResponse(await exportFile(await staffPage('usage:read'), { kind: 'usage-csv', month, organisationId }));
}
