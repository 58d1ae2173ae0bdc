import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { fileResponse } from '#app/_edge/download.ts';
import { EXPORTS, parseExportKind } from '#lib/billing/export-kinds.ts';
import { exportFile } from '#lib/billing/exports.ts';

type Props = { params: Promise<{ month: string; kind: string }> };

/** A file of a month for finance: everybody's, or with `?organisation=org_…` one customer's. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { month, kind: text } = await params;
  const kind = parseExportKind(text);
  if (kind === null) notFound();
  const organisationId = new URL(request.url).searchParams.get('organisation');
  return fileResponse(await exportFile(await staffPage(EXPORTS[kind].permission), { kind, month, organisationId }));
}
