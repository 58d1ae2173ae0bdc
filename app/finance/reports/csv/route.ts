import { staffPage } from '#app/_edge/access.ts';
import { csvTextResponse } from '#app/_edge/download.ts';
import { getRevenueReportCsv } from '#lib/billing/reports/service.ts';

/** Revenue and tax of a month as CSV: `?month=2026-11`. */
export async function GET(request: Request): Promise<Response> {
  const month = new URL(request.url).searchParams.get('month') ?? '';
  return csvTextResponse(await getRevenueReportCsv(await staffPage('ledger:read'), month));
}
