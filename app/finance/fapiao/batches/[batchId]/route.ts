import { staffPage } from '#app/_edge/access.ts';
import { csvTextResponse } from '#app/_edge/download.ts';
import { findBatchFile } from '#lib/fapiao/exchange.ts';

type Props = { params: Promise<{ batchId: string }> };

/** A batch as the file that finance works from. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  return csvTextResponse(await findBatchFile(await staffPage('fapiao:issue'), (await params).batchId));
}
