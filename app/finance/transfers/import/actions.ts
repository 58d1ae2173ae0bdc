'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { importStatement, previewStatement } from '#lib/payments/statement-import.ts';
import type { JudgedRow } from '#lib/payments/statement-verdict.ts';
import { decodeStatement, STATEMENT_ROWS_MAX } from '#lib/payments/statement.ts';

/** A statement that was read, with the text to send again, and what was judged of its rows. */
export type JudgedStatement = { readonly text: string; readonly rows: readonly JudgedRow[] };

const FILE_BYTES_MAX = 512 * 1024;

const statementInput = z.object({ statement: z.string() });

/** Says what an import of a file, or of pasted text, would do; changes nothing. */
export async function previewAction(
  _: FormState<JudgedStatement>,
  form: FormData,
): Promise<FormState<JudgedStatement>> {
  const file = form.get('file');
  if (file instanceof File && file.size > 0 && file.size <= FILE_BYTES_MAX)
    form.set('statement', decodeStatement(new Uint8Array(await file.arrayBuffer())) ?? '');
  return submit(form, statementInput, async ({ statement }) => {
    if (file instanceof File && file.size > FILE_BYTES_MAX)
      return refuse({ code: 'statementTooLong', rowsMax: STATEMENT_ROWS_MAX });
    const rows = await previewStatement(await staffCtx(), statement);
    return rows.ok ? accept({ text: statement, rows: rows.value }) : rows;
  });
}

/** Records the new lines of a statement and answers what became of every row. */
export async function importAction(_: FormState<JudgedStatement>, form: FormData): Promise<FormState<JudgedStatement>> {
  return submit(form, statementInput, async ({ statement }) => {
    const rows = await importStatement(await staffCtx(), statement);
    return rows.ok ? accept({ text: '', rows: rows.value }) : rows;
  });
}
