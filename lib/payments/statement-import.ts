import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { accept, type Result } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { recordBankLine } from './bank-lines.ts';
import { judgeRows, type JudgedRow } from './statement-verdict.ts';
import { parseStatement } from './statement.ts';
import { readBankLinesNamed } from './store.ts';
import type { PaymentRefusal } from './types.ts';

/** Says of every row of a statement what an import would do with it. Changes nothing. */
export async function previewStatement(ctx: Ctx, text: string): Promise<Result<JudgedRow[], PaymentRefusal>> {
  authorize(ctx, 'bankLine:record');
  const parsed = parseStatement(text, ctx.now);
  if (!parsed.ok) return parsed;
  const references = parsed.value.flatMap(({ read }) => (read.isRead ? [read.input.bankReference] : []));
  const known = await withTx(ctx, (tx) => readBankLinesNamed(tx, references));
  return accept(judgeRows(parsed.value, known));
}

/**
 * Books the new rows of a statement, each in a transaction of its own, and answers what became of every row. What is
 * booked already stays as it is, so the same file twice changes nothing, and an interrupted import is finished by
 * sending it again.
 */
export async function importStatement(ctx: Ctx, text: string): Promise<Result<JudgedRow[], PaymentRefusal>> {
  authorize(ctx, 'bankLine:record');
  const preview = await previewStatement(ctx, text);
  if (!preview.ok) return preview;
  // All at once, so that the ledger takes many in one statement.
  const done = preview.value.map(async (row): Promise<JudgedRow> => {
    if (row.verdict !== 'new' || !row.read.isRead) return row;
    const result = await recordBankLine(ctx, row.read.input);
    // Somebody else may have booked it since the preview.
    return { ...row, verdict: result.ok ? 'recorded' : 'known', lineId: result.ok ? result.value.id : null };
  });
  return accept(await Promise.all(done));
}
