import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { fileResponse } from '#app/_edge/download.ts';
import { EXPORTS, parseExportKind } from '#lib/billing/export-kinds.ts';
import { exportFile } from '#lib/billing/exports.ts';

type Props = { params: Promise<{ orgSlug: string; month: string; kind: string }> };

/** An own file of a month. */
export async function GET(_: Request, { params }: Props): Promise<Response> {
  const { orgSlug, month, kind: text } = await params;
  const kind = parseExportKind(text);
  if (kind === null) notFound();
  return fileResponse(await exportFile(await memberPage(orgSlug, EXPORTS[kind].permission), { kind, month }));
}
