import { memberPage } from '#app/_edge/access.ts';
import { documentResponse } from '#app/_edge/download.ts';
import { findFapiaoFile } from '#lib/fapiao/service.ts';

type Props = { params: Promise<{ orgSlug: string; fapiaoId: string; format: string }> };

/** A document of an own fapiao. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { orgSlug, fapiaoId, format } = await params;
  return documentResponse(await findFapiaoFile(await memberPage(orgSlug, 'fapiao:read'), fapiaoId, format));
}
