import { memberPage } from '#app/_edge/access.ts';
import { fileResponse } from '#app/_edge/download.ts';
import { exportFile } from '#lib/billing/exports.ts';

type Props = { params: Promise<{ orgSlug: string }> };

/** The own usage of `?month=YYYY-MM` as CSV. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { orgSlug } = await params;
  const month = new URL(request.url).searchParams.get('month') ?? '';
  return fileResponse(await exportFile(await memberPage(orgSlug, 'usage:read'), { kind: 'usage-csv', month }));
}
