import 'server-only';
import { createHash } from 'node:crypto';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { findFileBytes, insertFile, readFiles, readHistory, readInvoiceNumbers } from './detail-store.ts';
import { formatOf } from './file-format.ts';
import { sumOf } from './portion.ts';
import { readLinesLeft } from './reds.ts';
import { findFapiaoRow, lockFapiao, readFapiao, readFapiaoLines, readReds } from './store.ts';
import { type FapiaoDetail, type FapiaoRefusal, type FapiaoState, type FapiaoView, FILE_FORMATS } from './types.ts';

/** Whose fapiao a context sees: its organisation's own, or with null everybody's. */
const tenantOf = ({ scope }: Ctx): Id<'organisation'> | null =>
  scope.kind === 'organisation' ? scope.organisationId : null;

/** A page of fapiao, newest first: the organisation's own, or everybody's for finance; in some states, or in any. */
export async function listFapiao(
  ctx: Ctx,
  filter: { readonly states?: readonly FapiaoState[] | undefined },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: FapiaoView[]; total: number }> {
  authorize(ctx, 'fapiao:read');
  return withTx(ctx, (tx) => readFapiao(tx, { organisationId: tenantOf(ctx), ...filter }, page.skip, page.take));
}

/** One fapiao with its lines, history, documents and what takes it back; null when there is none of that id in sight. */
export async function findFapiao(ctx: Ctx, id: string): Promise<FapiaoDetail | null> {
  authorize(ctx, 'fapiao:read');
  return withTx(ctx, async (tx) => {
    const fapiao = await findFapiaoRow(tx, tenantOf(ctx), id);
    if (!fapiao) return null;
    const lines = (await readFapiaoLines(tx, [fapiao.id])).get(fapiao.id) ?? [];
    const numbers = await readInvoiceNumbers(
      tx,
      lines.map(({ invoiceId }) => invoiceId),
    );
    const isBlue = fapiao.kind === 'blue';
    return {
      fapiao,
      lines: lines.map((line) => ({ ...line, invoiceNumber: numbers.get(line.invoiceId) ?? '' })),
      history: await readHistory(tx, fapiao.id),
      blue: fapiao.blueId === null ? null : await findFapiaoRow(tx, tenantOf(ctx), fapiao.blueId),
      reds: isBlue ? await readReds(tx, fapiao.id) : [],
      leftFen: isBlue && fapiao.state === 'issued' ? sumOf(await readLinesLeft(tx, fapiao.id)).grossFen : fen(0n),
      files: await readFiles(tx, fapiao.id),
    };
  });
}

/** A document as the tax bureau made it; null when it is not there, or not in sight. */
export async function findFapiaoFile(
  ctx: Ctx,
  id: string,
  format: string,
): Promise<{ fileName: string; bytes: Uint8Array } | null> {
  authorize(ctx, 'fapiao:read');
  const known = FILE_FORMATS.find((each) => each === format);
  if (!known) return null;
  return withTx(ctx, async (tx) => {
    const fapiao = await findFapiaoRow(tx, tenantOf(ctx), id);
    const bytes = fapiao && (await findFileBytes(tx, fapiao.id, known));
    return fapiao && bytes ? { fileName: `fapiao-${fapiao.number ?? fapiao.salesNumber}.${known}`, bytes } : null;
  });
}

/** Finance keeps the document of an issued fapiao. Refuses one that is unknown or not issued, and what is no document. */
export async function saveFapiaoFile(
  ctx: Ctx,
  input: { readonly fapiaoId: string; readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<Result<null, FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  const { bytes } = input;
  return withTx(ctx, async (tx) => {
    const fapiao = await lockFapiao(tx, null, input.fapiaoId);
    if (!fapiao) return refuse({ code: 'fapiaoUnknown' });
    if (fapiao.state !== 'issued') return refuse({ code: 'fapiaoNotInState', state: fapiao.state });
    const format = formatOf(bytes);
    if (format === null) return refuse({ code: 'fapiaoDocumentWrong' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await insertFile(tx, fapiao, { format, bytes, sha256 }, { by: actorLabel(ctx.actor), at: ctx.now });
    await record(ctx, tx, 'fapiao.saveFile', fapiao.id, { format, sha256 }, fapiao.organisationId);
    return accept(null);
  });
}
