import { staffPage } from '#app/_edge/access.ts';
import { documentResponse } from '#app/_edge/download.ts';
import { findFapiaoFile } from '#lib/fapiao/service.ts';

type Props = { params: Promise<{ fapiaoId: string; format: string }> };

/** A document of a fapiao. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { fapiaoId, format } = await params;
  return documentResponse(await findFapiaoFile(await staffPage('fapiao:read'), fapiaoId, format));
}
