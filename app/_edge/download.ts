import 'server-only';
import { notFound } from 'next/navigation';
import type { ExportFile } from '#lib/billing/exports.ts';
import type { DocumentFile } from '#lib/billing/invoices.ts';

/** Headers of a file for one person: saved under its name, kept by no cache on the way. */
function headersOf(fileName: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  };
}

/** Answers a PDF; what is not there is 404. */
export function pdfResponse(file: DocumentFile | null): Response {
  if (file === null) notFound();
  const headers = { ...headersOf(file.fileName, 'application/pdf'), 'content-length': `${file.bytes.byteLength}` };
  return new Response(Uint8Array.from(file.bytes), { headers });
}

/** Answers a file that somebody sent us: saved, never shown, whatever it says of itself. */
export function documentResponse(file: { readonly fileName: string; readonly bytes: Uint8Array } | null): Response {
  if (file === null) notFound();
  return new Response(Uint8Array.from(file.bytes), { headers: headersOf(file.fileName, 'application/octet-stream') });
}

/** Answers a small text as CSV. */
export function csvTextResponse(file: { readonly fileName: string; readonly text: string } | null): Response {
  if (file === null) notFound();
  return new Response(file.text, { headers: headersOf(file.fileName, 'text/csv; charset=utf-8') });
}

/** Reads the next part when the browser wants it. */
function streamOf(parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

/** Answers a file as it is made from the database; what is not there is 404. A reader that goes away stops the making. */
export function fileResponse(file: ExportFile | null): Response {
  if (file === null) notFound();
  return new Response(streamOf(file.parts), { headers: headersOf(file.fileName, file.contentType) });
}
