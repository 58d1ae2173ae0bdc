import { memberPage } from '#app/_edge/access.ts';
import { csvResponse } from '#app/_edge/download.ts';
import { exportUsage } from '#lib/billing/usage-export.ts';

type Props = { params: Promise<{ orgSlug: string }> };

/** The own usage of `?month=YYYY-MM` as CSV. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { orgSlug } = await params;
  const month = new URL(request.url).searchParams.get('month') ?? '';
  return csvResponse(await exportUsage(await memberPage(orgSlug, 'usage:read'), { month }));
}
