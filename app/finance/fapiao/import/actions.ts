'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { importResults, previewResults } from '#lib/fapiao/exchange.ts';
import { RESULT_ROWS_MAX } from '#lib/fapiao/results-file.ts';
import type { JudgedResult } from '#lib/fapiao/verdict.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decodeStatement } from '#lib/payments/statement.ts';

/** A file of results that was read, with the text to send again, and what was judged of its rows. */
export type JudgedFile = { readonly text: string; readonly rows: readonly JudgedResult[] };

const BYTES_MAX = 512 * 1024;

const resultsInput = z.object({ results: z.string() });

/** Says what taking a file over, or pasted text, would do; changes nothing. */
export async function previewAction(_: FormState<JudgedFile>, form: FormData): Promise<FormState<JudgedFile>> {
  const file = form.get('file');
  if (file instanceof File && file.size > 0 && file.size <= BYTES_MAX)
    form.set('results', decodeStatement(new Uint8Array(await file.arrayBuffer())) ?? '');
  return submit(form, resultsInput, async ({ results }) => {
    if (file instanceof File && file.size > BYTES_MAX)
      return refuse({ code: 'fapiaoFileTooLong', rowsMax: RESULT_ROWS_MAX });
    const rows = await previewResults(await staffCtx(), results);
    return rows.ok ? accept({ text: results, rows: rows.value }) : rows;
  });
}

/** Takes the new results of a file over and answers what became of every row. */
export async function importAction(_: FormState<JudgedFile>, form: FormData): Promise<FormState<JudgedFile>> {
  return submit(form, resultsInput, async ({ results }) => {
    const rows = await importResults(await staffCtx(), results);
    return rows.ok ? accept({ text: '', rows: rows.value }) : rows;
  });
}
